import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { composeService } from "@weald/adapters";
import { configFromEnvironment } from "@weald/adapters/config";
import type { Ctx } from "@weald/core/kernel";
import * as Organisation from "@weald/core/organisation";
import * as Patient from "@weald/core/patient";
import { z } from "zod";
import { readWhole, writeWhole } from "../home/index.ts";
import { gatewayToken, type IdentityKeys, keptToken } from "../identity/index.ts";
import { members, trusts } from "../people/index.ts";
import { type DemoStudy, demoPatients, demoStudies, filesOf, type Size } from "../phantoms/index.ts";
import { environmentOf } from "../region/index.ts";
import { bytesSource, type Source, sendingApi, sendSources } from "../send/index.ts";
import type { Progress, RunningRegion } from "../supervisor/index.ts";
import { cameTwice } from "./came-twice.ts";
import { seedMeeting } from "./meeting.ts";

const NO_PROGRESS_MS = 120_000;

export class DemonstrationUnfinished extends Error {
  readonly code = "DEMONSTRATION_UNFINISHED";
  constructor(files: number) {
    super(
      `${files} files of the demonstration had no outcome. Start again: it goes on where it was. If it stays so: npm run status`,
    );
  }
}

export type SeedOptions = {
  region: RunningRegion;
  keys: IdentityKeys;
  progress: Progress;
  /** `none`: the trusts alone, so that somebody may send their own. */
  size: Size | "none";
  signal: AbortSignal;
  say(line: string): void;
};

const Done = z.object({
  size: z.enum(["small", "large"]),
  studies: z.array(z.string()),
  isMarked: z.boolean(),
  isListed: z.boolean().default(false),
});
type Done = z.output<typeof Done>;

const fileOf = (home: string) => path.join(home, "demonstration.json");

const read = (home: string): Done | undefined =>
  existsSync(fileOf(home)) ? readWhole(fileOf(home), Done) : undefined;

const TRIES = 5;
const isTooSlow = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "DATABASE_SLOW";

/** A machine that builds and starts at once may be too slow for one short transaction; the set-up is the same done twice. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES || !isTooSlow(error)) throw error;
    }
  }
}

/** The region's own set-up, by the same actions as everything else. */
async function withSystem(region: RunningRegion, work: (ctx: Ctx) => Promise<void>): Promise<void> {
  const service = composeService(configFromEnvironment(environmentOf(region.places)), { log: () => {} });
  try {
    await patiently(() =>
      work({
        service,
        actor: { kind: "system", id: "set-up" },
        door: "timer",
        correlationId: randomUUID(),
      }),
    );
  } finally {
    await service.db.close();
  }
}

async function markSensitive(ctx: Ctx): Promise<void> {
  for (const { sensitive, localNumbers } of demoPatients) {
    if (!sensitive) continue;
    for (const { custodian, number } of localNumbers)
      await Patient.markSensitive(ctx, { custodian, localNumber: number, sensitivities: ["staff"] });
  }
}

/** Which studies have arrived whole: every file of theirs was sent and has an outcome. */
function ledger(onWhole: (study: string) => void) {
  const studies = new Map<string, { sent: number; settled: number; isAll: boolean }>();
  const of = (study: string) => {
    const known = studies.get(study) ?? { sent: 0, settled: 0, isAll: false };
    studies.set(study, known);
    return known;
  };
  function look(study: string): void {
    const { sent, settled, isAll } = of(study);
    if (isAll && sent === settled) onWhole(study);
  }
  return {
    sent(study: string): void {
      of(study).sent += 1;
    },
    allSent(study: string): void {
      of(study).isAll = true;
      look(study);
    },
    settled(study: string): void {
      of(study).settled += 1;
      look(study);
    },
  };
}

function* sourcesOf(
  studies: readonly DemoStudy[],
  size: Size,
  kept: ReturnType<typeof ledger>,
): Generator<Source> {
  for (const study of studies) {
    for (const file of filesOf(study, size)) {
      kept.sent(study.key);
      yield bytesSource(file.path, file.kind, file.bytes);
    }
    kept.allSent(study.key);
  }
}

/** After the rest, so that what is sent again meets what is there. */
async function sendAgain({ region, keys, signal }: SeedOptions, done: Done): Promise<void> {
  const { portalUrl, issuer, home } = region;
  for (const { key, custodian, files } of cameTwice) {
    if (done.studies.includes(key)) continue;
    const secret = keys.gatewaySecrets[custodian] ?? "";
    const token = keptToken(() => gatewayToken({ issuer, portalUrl, odsCode: custodian, secret }));
    const sources = [...files(done.size)].map((file) => bytesSource(file.path, file.kind, file.bytes));
    const sent = await sendSources(sources, {
      api: sendingApi(portalUrl, token),
      timeoutMs: NO_PROGRESS_MS,
      signal,
    });
    const waiting = sent.filter(({ outcome }) => outcome === undefined).length;
    if (waiting > 0) throw new DemonstrationUnfinished(waiting);
    done.studies.push(key);
    writeWhole(fileOf(home), done);
  }
}

const studyOf = (file: string) => file.split("/")[1] ?? "";

/** What is left of the demonstration to send, as each trust's gateway would. A start that was killed goes on here. */
async function sendRest(options: SeedOptions, done: Done, say: (text: string) => void): Promise<void> {
  const { region, keys, signal } = options;
  const { portalUrl, issuer, home } = region;
  let files = 0;
  let waiting = 0;
  for (const { odsCode } of members) {
    const left = demoStudies.filter(
      ({ key, custodian }) => custodian === odsCode && !done.studies.includes(key),
    );
    if (left.length === 0) continue;
    const kept = ledger((study) => {
      done.studies.push(study);
      writeWhole(fileOf(home), done);
    });
    const secret = keys.gatewaySecrets[odsCode] ?? "";
    const token = keptToken(() => gatewayToken({ issuer, portalUrl, odsCode, secret }));
    await sendSources(sourcesOf(left, done.size, kept), {
      api: sendingApi(portalUrl, token),
      timeoutMs: NO_PROGRESS_MS,
      signal,
      onResult({ file, outcome }) {
        files += 1;
        say(`${odsCode}: ${files} files`);
        if (outcome === undefined) waiting += 1;
        else kept.settled(studyOf(file));
      },
    });
  }
  if (waiting > 0) throw new DemonstrationUnfinished(waiting);
}

/** The demonstration region: its trusts, its patients' images, requests and reports. Once; later starts reuse it. */
export async function seedDemonstration(options: SeedOptions): Promise<void> {
  const { region, progress, size, say } = options;
  await withSystem(region, async (ctx) => {
    for (const trust of trusts) await Organisation.establish(ctx, trust);
  });
  if (size === "none") return;
  const done: Done = read(region.home) ?? { size, studies: [], isMarked: false, isListed: false };
  if (done.size !== size)
    say(
      `The demonstration here was made ${done.size}, and stays so. For a ${size} one: npm run reset, then npm start -- --size ${size}`,
    );
  const isSent = [...demoStudies, ...cameTwice].every(({ key }) => done.studies.includes(key));
  if (isSent && done.isMarked && done.isListed) return;
  writeWhole(fileOf(region.home), done);
  await progress.step("Making and sending the demonstration's studies", async (more) => {
    await sendRest(options, done, more);
    await sendAgain(options, done);
  });
  await withSystem(region, markSensitive);
  await withSystem(region, seedMeeting);
  writeWhole(fileOf(region.home), { ...done, isMarked: true, isListed: true });
}
