import * as Correction from "@weald/core/correction";
import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Packing from "@weald/core/packing";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowan, rows, sendAll, sendUnfinished, systemCtx } from "../sent.ts";
import { pack, readAll, rowsOf, seriesOf, slice } from "./packed.ts";

/** Three blocks, the last one not full. */
const LARGE = 130;

describe("a series that is folded", () => {
  let region: Region;
  let reader: Ctx;
  let token: string;
  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("amara.okafor@RXC");
    token = await region.tokenOf(region.system("RXC"));
  }, 60_000);
  afterAll(() => region.stop());

  let people = 0;
  async function sent(count: number) {
    people += 1;
    const of = rowan({ localNumber: `FOLD-${people}`, family: `Hazel${people}`, nhs: "" });
    const uids = { study: mintUid(), series: mintUid() };
    const shots = Array.from({ length: count }, (_, index) => ({
      ...{ of, ...uids, sop: mintUid(), modality: "CT", number: index + 1 },
    }));
    await sendAll(region, "RXC", ...shots.map(slice));
    await region.drain();
    return { of, ...uids, shots, ...(await seriesOf(region, uids.series)) };
  }
  async function folded(count: number) {
    const made = await sent(count);
    await pack(region);
    const before = await readAll(reader, made.seriesId);
    await region.fold();
    expect(await rowsOf(region, made.seriesId)).toBe(0);
    return { ...made, before };
  }
  const blocksOf = async (seriesId: string) =>
    (
      await rows<{ count: number }>(
        region,
        "SELECT cardinality(ids) AS count FROM manifest_block WHERE series_id = $1::uuid ORDER BY number",
        seriesId,
      )
    ).map(({ count }) => count);
  const foldingOf = async (seriesId: string) =>
    (
      await rows<{ isDue: boolean; why: string | null; isFolded: boolean }>(
        region,
        `SELECT p.fold_at IS NOT NULL AS "isDue", p.not_folded AS why, e.folded_at IS NOT NULL AS "isFolded"
         FROM series_packing p JOIN series e ON e.id = p.series_id WHERE e.id = $1::uuid`,
        seriesId,
      )
    )[0];
  const json = async (address: string): Promise<Record<string, { Value?: unknown[] }>[]> => {
    const answer = await fetch(`${region.dicomwebUrl}${address}`, {
      headers: { authorization: `Bearer ${token}`, accept: "application/dicom+json" },
    });
    expect(answer.status, address).toBe(200);
    return answer.json();
  };
  const uidsIn = (found: Record<string, { Value?: unknown[] }>[]) =>
    found.map((one) => one["00080018"]?.Value?.[0]);

  it("has no instance rows: blocks of 64, read by page, by id and by UID as before", async () => {
    const { before, seriesId, studyId, study, series, shots } = await folded(LARGE);
    expect(await blocksOf(seriesId)).toEqual([64, 64, 2]);
    expect(await readAll(reader, seriesId)).toEqual(before);
    const ids = [before[3], before[70], before[129]].map((one) => one?.instanceId ?? "");
    const { objects } = await Study.signObjects(reader, { studyId, instanceIds: [...ids, mintId()] });
    expect(objects.map((one) => ("url" in one ? one.instanceId : one.code))).toEqual([...ids, "NOT_SERVED"]);
    const below = `/studies/${study}/series/${series}/instances`;
    const sops = shots.map(({ sop }) => sop);
    expect(uidsIn(await json(`${below}?limit=20&offset=60`))).toEqual(sops.slice(60, 80));
    expect(uidsIn(await json(`/instances?SOPInstanceUID=${sops[99]}`))).toEqual([sops[99]]);
    expect(uidsIn(await json(`${below}?InstanceNumber=77`))).toEqual([sops[76]]);
    expect((await json(`${below}/${sops[128]}/metadata`))[0]?.["00200013"]?.Value).toEqual([129]);
    expect(await json(`${below}/${sops[128]}/metadata`)).toEqual(
      (await json(`/studies/${study}/metadata`)).slice(128, 129),
    );
  }, 60_000);

  it("keeps its small picture, and its place in a timeline", async () => {
    const { seriesId } = await folded(3);
    const { patientId } = await Study.readSeries(reader, { seriesId });
    const timeline = await Timeline.read(reader, { patientId });
    const [picture] = await rows<{ isDue: boolean; isDrawn: boolean }>(
      region,
      `SELECT due_at IS NOT NULL AS "isDue", object_key IS NOT NULL AS "isDrawn" FROM series_picture WHERE series_id = $1::uuid`,
      seriesId,
    );
    expect(picture).toEqual({ isDue: false, isDrawn: true });
    const told = timeline.rows.flatMap(({ pictures }) => pictures).find((one) => one.seriesId === seriesId);
    expect(told?.state).toBe("drawn");
    const { pictures } = await Timeline.signPictures(reader, { patientId, seriesIds: [seriesId] });
    expect(pictures).toMatchObject([{ seriesId, url: expect.any(String) }]);
  });

  it("the same bytes again are a duplicate, and it stays folded; a gateway is told that they are here", async () => {
    const { seriesId, shots } = await folded(5);
    const again = await region.send("RXC", shots.map(slice));
    expect(again.map(({ outcome }) => outcome)).toEqual(Array(5).fill("duplicate"));
    expect(await rowsOf(region, seriesId)).toBe(0);
    const sopInstanceUids = [...shots.map(({ sop }) => sop), "1.2.3"];
    const asked = { studyInstanceUid: shots[0]?.study ?? "", sopInstanceUids };
    const { notHere } = await Ingest.reconcile(region.gateway("RXC"), asked);
    expect(notHere).toMatchObject([{ sopInstanceUid: "1.2.3" }]);
  });

  it("another object under its UID is a conflict, wherever it says that it belongs", async () => {
    const { seriesId, shots } = await folded(2);
    const [first] = shots;
    if (!first) throw new Error("nothing was sent");
    const elsewhere = { ...first, study: mintUid(), series: mintUid() };
    const outcomes = await region.send("RXC", [slice({ ...first, number: 50 }), slice(elsewhere)]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["quarantined", "quarantined"]);
    expect(outcomes.map(({ code }) => code)).toEqual(["UID_CONFLICT", "UID_CONFLICT"]);
    expect(await rowsOf(region, seriesId)).toBe(0);
  });

  it("a late image stands among the others at once, and is folded with them", async () => {
    const { seriesId, of, study, series, before } = await folded(66);
    const late = slice({ of, study, series, sop: mintUid(), modality: "CT", number: 67 });
    const first = slice({ of, study, series, sop: mintUid(), modality: "CT", number: 0 });
    await sendUnfinished(region, "RXC", [late, first]);
    expect(await rowsOf(region, seriesId)).toBe(2);
    const open = await readAll(reader, seriesId);
    expect(open.map(({ instanceNumber }) => instanceNumber)).toEqual(
      Array.from({ length: 68 }, (_, index) => index),
    );
    expect(open.slice(1, -1)).toEqual(before);
    await Study.settle(
      {
        ...systemCtx(region),
        service: { ...systemCtx(region).service, now: () => new Date(Date.now() + 61_000) },
      },
      {},
    );
    const [counted] = await rows<{ count: number; missing: number }>(
      region,
      `SELECT instance_count AS count, missing_count AS missing FROM series WHERE id = $1::uuid`,
      seriesId,
    );
    expect(counted).toEqual({ count: 68, missing: 0 });
    await region.drain();
    await region.fold();
    expect(await blocksOf(seriesId)).toEqual([64, 4]);
    const next = await readAll(reader, seriesId);
    const plain = (all: readonly Study.ReadInstance[]) => all.map(({ packed: _packed, ...rest }) => rest);
    expect(plain(next)).toEqual(plain(open));
    expect(new Set(next.map(({ packed }) => packed?.packId)).size).toBe(1);
  }, 60_000);

  it("an image that is rejected is a row again, as are those beside it; put back, it is folded anew", async () => {
    const { seriesId, studyId, before } = await folded(4);
    const [rejected] = before;
    const { correctionId } = await Correction.ask(region.as("grace.fielding"), {
      ...{ kind: "reject", studyId, level: "instance", ids: [rejected?.instanceId ?? ""] },
      ...{ code: "113001", reason: "the patient moved" },
    });
    expect((await readAll(reader, seriesId)).map(({ instanceId }) => instanceId)).toEqual(
      before.slice(1).map(({ instanceId }) => instanceId),
    );
    await region.drain();
    await region.fold();
    expect(await foldingOf(seriesId)).toEqual({ isDue: false, why: "corrected", isFolded: false });
    await Correction.undo(region.as("grace.fielding"), { correctionId, reason: "it was sharp" });
    await region.drain();
    await region.fold();
    expect(await rowsOf(region, seriesId)).toBe(0);
    expect((await readAll(reader, seriesId)).map(({ instanceId }) => instanceId)).toEqual(
      before.map(({ instanceId }) => instanceId),
    );
  }, 60_000);

  it("one image's corrected side unfolds it; its study's corrected description doesn't", async () => {
    const { seriesId, studyId, before } = await folded(2);
    const ask = (level: "study" | "instance", ids: string[], says: object) =>
      Correction.ask(region.as("grace.fielding"), {
        kind: "correct",
        studyId,
        level,
        ids,
        says,
        reason: "wrong label",
      } as never);
    await ask("study", [], { description: "CT Thorax, put right" });
    expect(await rowsOf(region, seriesId)).toBe(0);
    expect((await readAll(reader, seriesId)).map(({ header }) => header["00081030"]?.Value?.[0])).toEqual(
      Array(2).fill("CT Thorax, put right"),
    );
    await ask("instance", [before[1]?.instanceId ?? ""], { laterality: "L" });
    expect(await rowsOf(region, seriesId)).toBe(2);
    const sides = (await readAll(reader, seriesId)).map(({ header }) => header["00200062"]?.Value?.[0]);
    expect(sides).toEqual([undefined, "L"]);
    await region.fold();
    expect(await rowsOf(region, seriesId)).toBe(2);
  });

  it("an image that goes to another patient leaves the others, whole", async () => {
    const { seriesId, studyId, before } = await folded(3);
    const other = await sent(1);
    const { patientId } = await Study.readSeries(reader, { seriesId: other.seriesId });
    await Correction.ask(region.as("grace.fielding"), {
      ...{ kind: "split", studyId, level: "instance", ids: [before[0]?.instanceId ?? ""] },
      ...{ into: { patientId }, reason: "hers" },
    } as never);
    expect((await readAll(reader, seriesId)).map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(
      before.slice(1).map(({ sopInstanceUid }) => sopInstanceUid),
    );
  });

  it("waits for what is not done yet, and says so", async () => {
    const { seriesId } = await sent(2);
    await pack(region);
    await rows(
      region,
      "UPDATE series_picture SET due_at = now() WHERE series_id = $1::uuid RETURNING 1",
      seriesId,
    );
    const due = () =>
      rows(
        region,
        "UPDATE series_packing SET fold_at = now() WHERE series_id = $1::uuid RETURNING 1",
        seriesId,
      );
    await due();
    await Packing.foldNext(systemCtx(region), {});
    expect(await foldingOf(seriesId)).toEqual({ isDue: true, why: "picture-due", isFolded: false });
    await region.fold();
    expect(await foldingOf(seriesId)).toEqual({ isDue: false, why: null, isFolded: true });
  });

  it("readers never see one image twice or one less while it is folded and unfolded", async () => {
    const { seriesId, before } = await folded(70);
    let isOver = false;
    async function change() {
      for (let turn = 0; turn < 12; turn += 1) {
        await rows(region, "SELECT weald.unfold_series(ARRAY[$1::uuid])::text", seriesId);
        await rows(region, "SELECT weald.fold_series($1::uuid)", seriesId);
      }
      isOver = true;
    }
    let reads = 0;
    async function read() {
      while (!isOver) {
        expect(await readAll(reader, seriesId)).toEqual(before);
        reads += 1;
      }
    }
    await Promise.all([change(), read(), read()]);
    expect(reads).toBeGreaterThan(5);
    expect(await rowsOf(region, seriesId)).toBe(0);
  }, 60_000);
});

const mintId = () => crypto.randomUUID();
