import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { nhsNumberFrom } from "@weald/dev-env/phantoms";
import { Region } from "@weald/dev-env/region";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, type Radiograph, radiograph, type Stated, sourceOf } from "../fixtures/radiograph.ts";

const REASON = "seen in clinic with her passport";
const SOURCE = "Surrey and Sussex Healthcare";

let region: Region;
/** A clinician of RYR with a disc in their hand. */
let sender: Ctx;
beforeAll(async () => {
  region = await Region.create();
  sender = region.as("ines.marlow");
});
afterAll(() => region.stop());

let issued = 700;
/** A patient whom RYR knows, and what a disc from elsewhere calls the same person. */
async function patient(family: string): Promise<{ known: Stated; recordId: string; onDisc: Stated }> {
  issued += 1;
  const nhsNumber = nhsNumberFrom(issued);
  const known = { family, given: "Iris", born: "19800214", sex: "F", nhsNumber, number: `RYR-${issued}` };
  await region.send("RYR", [sourceOf(radiograph({ patient: known }))]);
  const { candidates } = await Patient.lookUp(sender, { by: "nhs-number", nhsNumber });
  const onDisc = { ...known, number: `DISC-${issued}`, issuer: "RTP" };
  return { known, recordId: candidates[0]?.recordId ?? "", onDisc };
}

type Sent = { uploadId: string; itemIds: string[]; outcomes(): Promise<(string | undefined)[]> };

/** As the portal does: signed items, a PUT each, then what came of them. */
async function importDisc(recordId: string, images: readonly Radiograph[], ctx = sender): Promise<Sent> {
  const { uploadId } = await Ingest.beginUpload(ctx, {
    door: "portal",
    outside: { patientRecordId: recordId, sourceName: SOURCE },
  });
  const files = images.map((image, index) => ({
    ref: String(index),
    sizeBytes: bytesOf(image).length,
    kind: "dicom" as const,
  }));
  const { items } = await Ingest.signItems(ctx, { uploadId, files });
  for (const [index, { put }] of items.entries()) {
    const image = images[index];
    if (!image) continue;
    const answer = await fetch(put.url, {
      method: "PUT",
      headers: put.headers,
      body: Buffer.from(bytesOf(image)),
    });
    expect(answer.status).toBeLessThan(300);
  }
  const itemIds = items.map(({ itemId }) => itemId);
  return {
    uploadId,
    itemIds,
    async outcomes() {
      await region.drain();
      const outcomes = await Ingest.readOutcomes(ctx, { uploadId, itemIds });
      return itemIds.map((id) => {
        const one = outcomes.find(({ itemId }) => itemId === id);
        return one?.code ?? one?.outcome;
      });
    },
  };
}

const waitingOf = async (uploadId: string, ctx = sender) =>
  (await Ingest.listOutside(ctx, {})).discs.filter((disc) => disc.uploadId === uploadId);

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)),
  );

async function inDatabase<T extends object>(sql: string, values: unknown[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: process.env.WEALD_QUEUE_URL });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const studyOf = async (image: Radiograph) =>
  (await Worklist.list(region.as("helen.whitlock"), {})).rows.find(
    (row) => row.studyInstanceUid === image.study,
  );

describe("an outside disc", () => {
  it("of the chosen patient goes in under them, and says where it came from", async () => {
    const { onDisc, recordId, known } = await patient("Acer");
    const image = radiograph({ patient: onDisc });
    const sent = await importDisc(recordId, [image]);
    expect(await sent.outcomes()).toEqual(["accepted"]);
    const row = await studyOf(image);
    expect(row).toMatchObject({ custodian: "RYR", isOutside: true, sourceName: SOURCE });
    expect(row?.patient.localNumber).toBe(known.number);
    const ctx = region.as("helen.whitlock");
    const opened = await Study.open(ctx, { studyId: row?.studyId ?? "" });
    expect(opened.sourceName).toBe(SOURCE);
    const { instances } = await Study.readSeries(ctx, { seriesId: opened.series[0]?.seriesId ?? "" });
    // The number stays the disc's own, and says whose it is.
    expect(instances[0]?.header["00100020"]?.Value).toEqual([onDisc.number]);
    expect(instances[0]?.header["00100021"]?.Value).toEqual([SOURCE]);
  });

  it("brings no local number into the trust, though a patient of the trust may have the same one", async () => {
    const { onDisc, recordId } = await patient("Alnus");
    const neighbour = (await patient("Betula")).known;
    const plain = radiograph({ patient: onDisc });
    // The disc's number is, by chance, a number of somebody else in this trust.
    const image = radiograph({ patient: { ...onDisc, number: neighbour.number } });
    expect(await (await importDisc(recordId, [plain, image])).outcomes()).toEqual(["accepted", "accepted"]);
    expect((await studyOf(image))?.patient.family).toBe("Alnus");
    const ofDisc = await Patient.lookUp(sender, {
      by: "local-number",
      custodian: "RYR",
      localNumber: onDisc.number,
    });
    expect(ofDisc.candidates).toEqual([]);
    const ofNeighbour = await Patient.lookUp(sender, {
      by: "local-number",
      custodian: "RYR",
      localNumber: neighbour.number,
    });
    expect(ofNeighbour.candidates).toMatchObject([{ family: "Betula" }]);
  });

  it("is held under the trust's own record of the patient, though another trust's was looked up", async () => {
    const { known, onDisc } = await patient("Carpinus");
    await region.send("RXC", [sourceOf(radiograph({ patient: { ...known, number: `RXC-${issued}` } }))]);
    const { candidates } = await Patient.lookUp(sender, {
      by: "local-number",
      custodian: "RXC",
      localNumber: `RXC-${issued}`,
    });
    expect(candidates[0]?.custodian).toBe("RXC");
    const image = radiograph({ patient: onDisc });
    await (await importDisc(candidates[0]?.recordId ?? "", [image])).outcomes();
    expect((await studyOf(image))?.patient.localNumber).toBe(known.number);
  });
});

describe("a disc that names somebody else", () => {
  it("waits, with both identities side by side for its sender", async () => {
    const { onDisc, recordId } = await patient("Corylus");
    const married = { ...onDisc, family: "Cornus" };
    const sent = await importDisc(recordId, [
      radiograph({ patient: married }),
      radiograph({ patient: married }),
    ]);
    expect(await sent.outcomes()).toEqual(["OUTSIDE_IDENTITY_DIFFERS", "OUTSIDE_IDENTITY_DIFFERS"]);
    expect(await waitingOf(sent.uploadId)).toMatchObject([
      {
        sourceName: SOURCE,
        images: 2,
        chosen: { family: "Corylus" },
        said: {
          name: "Cornus, Iris",
          birthDate: "1980-02-14",
          sex: "F",
          localNumber: onDisc.number,
          issuer: "RTP",
        },
      },
    ]);
  });

  it("goes in once its sender has confirmed with a reason that it is the same person", async () => {
    const { onDisc, recordId } = await patient("Fagus");
    const image = radiograph({ patient: { ...onDisc, family: "Fraxinus" } });
    const sent = await importDisc(recordId, [image]);
    await sent.outcomes();
    const [disc] = await waitingOf(sent.uploadId);
    const decision = { uploadId: sent.uploadId, identityKey: disc?.identityKey ?? "", reason: REASON };
    expect(await codeOf(Ingest.confirmOutside(sender, { ...decision, reason: "yes" }))).toBe("INPUT_INVALID");
    expect(await Ingest.confirmOutside(sender, decision)).toEqual({ images: 1, isMore: false });
    expect(await sent.outcomes()).toEqual(["accepted"]);
    expect(await studyOf(image)).toMatchObject({ sourceName: SOURCE, patient: { family: "Fagus" } });
    expect(await waitingOf(sent.uploadId)).toEqual([]);
    expect(await codeOf(Ingest.confirmOutside(sender, decision))).toBe("ALREADY_DECIDED");
    const [kept] = await inDatabase<{ reason: string; confirmed_by: string }>(
      "SELECT reason, confirmed_by FROM outside_confirmation WHERE upload_id = $1",
      [sent.uploadId],
    );
    expect(kept).toEqual({ reason: REASON, confirmed_by: sender.actor.id });
    const audited = await inDatabase<{ outcome: string; detail: object }>(
      "SELECT outcome, detail FROM audit_event WHERE action = 'ingest.confirm-outside' AND outcome = 'success' AND detail->>'uploadId' = $1",
      [sent.uploadId],
    );
    expect(audited).toEqual([{ outcome: "success", detail: { uploadId: sent.uploadId, images: 1 } }]);
  });

  it("is confirmed for one identity: another person on the same disc still waits", async () => {
    const { onDisc, recordId } = await patient("Ilex");
    const series = { study: radiograph().study, series: radiograph().series };
    const hers = radiograph({ ...series, patient: { ...onDisc, family: "Juniper" } });
    // The same study and the same number: only the name says that it is somebody else.
    const others = radiograph({ ...series, patient: { ...onDisc, family: "Somebody", given: "Else" } });
    const sent = await importDisc(recordId, [hers, others]);
    await sent.outcomes();
    const discs = await waitingOf(sent.uploadId);
    const identityKey = discs.find(({ said }) => said.name === "Juniper, Iris")?.identityKey ?? "";
    await Ingest.confirmOutside(sender, { uploadId: sent.uploadId, identityKey, reason: REASON });
    expect(await sent.outcomes()).toEqual(["accepted", "OUTSIDE_IDENTITY_DIFFERS"]);
    expect((await waitingOf(sent.uploadId)).map(({ said }) => said.name)).toEqual(["Somebody, Else"]);
    // Nor does trying it again make one word count for two people.
    const manager = region.as("nadia.rahman");
    const { items } = await Ingest.listQuarantine(manager, {});
    const item = items.find(({ inboxItemId }) => inboxItemId === sent.itemIds[1]);
    await Ingest.retryQuarantined(manager, { quarantineId: item?.id ?? "", reason: "try" });
    expect(await sent.outcomes()).toEqual(["accepted", "OUTSIDE_IDENTITY_DIFFERS"]);
  });

  it("waits though it hides in one series and under one number with the chosen patient's own images", async () => {
    const { onDisc, recordId } = await patient("Juglans");
    const hers = radiograph({ patient: onDisc });
    const others = { ...hers, sop: `${hers.sop}.2`, instance: 2, patient: { ...onDisc, given: "Other" } };
    const sent = await importDisc(recordId, [hers, others]);
    expect(await sent.outcomes()).toEqual(["accepted", "OUTSIDE_IDENTITY_DIFFERS"]);
  });

  it("is discarded for good, its rows and reason kept", async () => {
    const { onDisc, recordId } = await patient("Larix");
    const image = radiograph({ patient: { ...onDisc, born: "19440101" } });
    const sent = await importDisc(recordId, [image]);
    await sent.outcomes();
    const [disc] = await waitingOf(sent.uploadId);
    const decision = { uploadId: sent.uploadId, identityKey: disc?.identityKey ?? "", reason: "wrong disc" };
    await Ingest.discardOutside(sender, decision);
    expect(await codeOf(Ingest.discardOutside(sender, decision))).toBe("ALREADY_DECIDED");
    expect(await codeOf(Ingest.confirmOutside(sender, decision))).toBe("ALREADY_DECIDED");
    expect(await studyOf(image)).toBeUndefined();
    const { items } = await Ingest.listQuarantine(region.as("nadia.rahman"), { state: "discarded" });
    expect(items.find(({ inboxItemId }) => inboxItemId === sent.itemIds[0])).toMatchObject({
      decisionReason: "wrong disc",
      decidedBy: sender.actor.id,
    });
  });

  it("is its sender's word alone", async () => {
    const { onDisc, recordId } = await patient("Malus");
    const sent = await importDisc(recordId, [radiograph({ patient: { ...onDisc, given: "Ivy" } })]);
    await sent.outcomes();
    const [disc] = await waitingOf(sent.uploadId);
    const decision = { uploadId: sent.uploadId, identityKey: disc?.identityKey ?? "", reason: REASON };
    for (const key of ["nadia.rahman", "tom.reyes", "grace.fielding"]) {
      const other = region.as(key);
      expect(await waitingOf(sent.uploadId, other)).toEqual([]);
      expect(await codeOf(Ingest.confirmOutside(other, decision))).toBe("ACCESS_DENIED");
      expect(await codeOf(Ingest.discardOutside(other, decision))).toBe("ACCESS_DENIED");
    }
    expect(await codeOf(Ingest.listOutside(region.as("rohan.patel"), {}))).toBe("ACCESS_DENIED");
  });

  it("that the PACS manager tries again without that word waits again", async () => {
    const { onDisc, recordId } = await patient("Prunus");
    const sent = await importDisc(recordId, [radiograph({ patient: { ...onDisc, given: "Violet" } })]);
    await sent.outcomes();
    const manager = region.as("nadia.rahman");
    const { items } = await Ingest.listQuarantine(manager, {});
    const item = items.find(({ inboxItemId }) => inboxItemId === sent.itemIds[0]);
    await Ingest.retryQuarantined(manager, { quarantineId: item?.id ?? "", reason: "try" });
    expect(await sent.outcomes()).toEqual(["OUTSIDE_IDENTITY_DIFFERS"]);
    expect(await waitingOf(sent.uploadId)).toHaveLength(1);
  });
});
