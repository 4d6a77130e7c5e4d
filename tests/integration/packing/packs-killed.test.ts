import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CrashPoint, Ctx } from "@weald/core/kernel";
import { childHost, createBundles, FunctionFailed, type ProcessHost } from "@weald/dev-env/cloud";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowan, rows, sendAll } from "../sent.ts";
import {
  decoded,
  endLeases,
  frameOf,
  pack,
  packUrl,
  pixelsOf,
  rangeOf,
  readAll,
  seriesOf,
  slice,
} from "./packed.ts";

const TIMER = "PackSeriesHandler";
const PACKS = "PackFrames";
const SLICES = 6;
/** Claim, read, lines of the manifest, publish: each is a transaction. */
const PUBLISHING = 4;

const POINTS: readonly [point: CrashPoint, time: number][] = [
  ["after-pack-claim", 1],
  ["after-pack-put", 1],
  ["after-manifest-put", 1],
  ["before-commit", PUBLISHING],
  ["after-commit", PUBLISHING],
];

describe("a pack in the making, killed by kill -9", () => {
  let region: Region;
  let reader: Ctx;
  const folder = mkdtempSync(path.join(tmpdir(), "weald-packs-"));
  const bundles = createBundles(folder);
  const armed: Record<string, string> = {};
  let packing: ProcessHost | undefined;
  let timer: ProcessHost | undefined;
  let killsPacker = false;
  let deaths = 0;

  beforeAll(async () => {
    region = await Region.create({
      functions: (environment) => {
        Object.assign(armed, environment);
        return (spec) => {
          const host = childHost(spec, {
            bundles,
            environment: spec.id === TIMER ? armed : environment,
            onLine: () => {},
          });
          if (spec.id === PACKS) packing = host;
          if (spec.id === TIMER) timer = host;
          return {
            ...host,
            async invoke(event, how) {
              const answer = host.invoke(event, how);
              if (spec.id === PACKS && killsPacker) {
                killsPacker = false;
                // It runs already: what was packed before warmed it.
                const pid = host.pid();
                if (pid !== undefined) process.kill(pid, "SIGKILL");
              }
              return answer.catch((error: unknown) => {
                if (error instanceof FunctionFailed && error.code === "DIED") deaths += 1;
                throw error;
              });
            },
          };
        };
      },
    });
    reader = region.as("amara.okafor@RXC");
  }, 60_000);
  afterAll(async () => {
    await region.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function sent() {
    const uids = { study: mintUid(), series: mintUid() };
    const of = rowan({
      localNumber: `K-${uids.series.slice(-8)}`,
      family: `Elder${uids.series.slice(-6)}`,
      nhs: "",
    });
    const shots = Array.from({ length: SLICES }, (_, index) => slice({ ...uids, of, number: index + 1 }));
    await sendAll(region, "RXC", ...shots);
    await region.drain();
    return seriesOf(region, uids.series);
  }
  const versionsOf = async (seriesId: string) =>
    (
      await rows<{ version: number }>(region, "SELECT version FROM pack WHERE series_id = $1::uuid", seriesId)
    ).map(({ version }) => version);

  /** Packed once, whole, and read as it was sent. */
  async function isWhole({ seriesId, studyId }: { seriesId: string; studyId: string }) {
    const instances = await readAll(reader, seriesId);
    expect(instances).toHaveLength(SLICES);
    const url = (await packUrl(reader, studyId, instances[0]?.packed?.packId ?? "")) ?? "";
    for (const [index, instance] of instances.entries())
      expect(Buffer.compare(await decoded(await rangeOf(url, frameOf(instance))), pixelsOf(index + 1))).toBe(
        0,
      );
    expect(await versionsOf(seriesId)).toEqual([1]);
  }

  it.each(POINTS)(
    "%s: readers go on as before, and it is packed once, whole",
    async (point, time) => {
      const made = await sent();
      Object.assign(armed, { WEALD_CRASH_AT: point, WEALD_CRASH_AFTER: String(time) });
      // Its next process is the armed one.
      await timer?.stop();
      const before = deaths;
      await expect(pack(region)).rejects.toMatchObject({ code: "DIED" });
      expect(deaths).toBe(before + 1);
      delete armed.WEALD_CRASH_AT;
      const isPublished = point === "after-commit";
      const instances = await readAll(reader, made.seriesId);
      expect(instances.map(({ packed }) => packed !== undefined)).toEqual(Array(SLICES).fill(isPublished));
      await endLeases(region);
      await pack(region);
      await isWhole(made);
    },
    60_000,
  );

  it("the function that packs frames dies: tried again, under another key", async () => {
    const made = await sent();
    await pack(region);
    const other = await sent();
    const before = deaths;
    expect(packing).toBeDefined();
    killsPacker = true;
    await pack(region);
    expect(deaths).toBe(before + 1);
    expect((await readAll(reader, other.seriesId))[0]?.packed).toBeUndefined();
    await rows(region, "UPDATE series_packing SET due_at = now() WHERE due_at > now() RETURNING 1");
    await pack(region);
    await isWhole(other);
    await isWhole(made);
  }, 60_000);
});
