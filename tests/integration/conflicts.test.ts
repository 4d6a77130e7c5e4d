import { createHash } from "node:crypto";
import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alder, birch, bytesOf, type Radiograph, radiograph, sourceOf } from "../fixtures/radiograph.ts";

const REASON = "asked the radiographer who made it";

let region: Region;
let manager: Ctx;
let reader: Ctx;
beforeAll(async () => {
  region = await Region.create();
  manager = region.as("tom.reyes");
  reader = region.as("rohan.patel");
});
afterAll(() => region.stop());

async function send(...images: Radiograph[]): Promise<(string | undefined)[]> {
  const sent = await region.send("RXC", images.map(sourceOf));
  return sent.map(({ outcome, code }) => code ?? outcome);
}

async function waitingFor(image: Radiograph): Promise<string> {
  const { items } = await Ingest.listQuarantine(manager, {});
  const found = items.find(({ identity }) => identity.sopInstanceUid === image.sop);
  if (!found) throw new Error("it is not in quarantine");
  return found.id;
}

/** Sends what stays and what disagrees with it; the quarantined newcomer. */
async function conflict(here: Radiograph, came: Radiograph): Promise<string> {
  await send(here);
  const [code] = await send(came);
  expect(["UID_CONFLICT", "PATIENT_MISMATCH", "SERIES_MISMATCH"]).toContain(code);
  return waitingFor(came);
}

const rowsOf = async (studyInstanceUid: string, ctx = reader) =>
  (await Worklist.list(ctx, {})).rows.filter((row) => row.studyInstanceUid === studyInstanceUid);

async function servedOf(studyId: string, ctx = reader) {
  const opened = await Study.open(ctx, { studyId });
  const [series] = opened.series;
  const { instances } = await Study.readSeries(ctx, { seriesId: series?.seriesId ?? "" });
  return { opened, series, instances };
}

async function bytesAt(studyId: string, instanceId: string): Promise<Buffer | "gone"> {
  const { objects } = await Study.signObjects(reader, { studyId, instanceIds: [instanceId] });
  const [object] = objects;
  if (!object || "gone" in object) return "gone";
  return Buffer.from(await (await fetch(object.url)).arrayBuffer());
}

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

const patientIdOf = async (localNumber: string) => {
  const { candidates } = await Patient.lookUp(manager, { by: "local-number", custodian: "RXC", localNumber });
  return candidates[0]?.patientId ?? "";
};

describe("a conflict, side by side", () => {
  it("says what is here, what came, and each attribute in which they differ, the grave ones first", async () => {
    const here = radiograph({ side: "L", grey: 10 });
    const came = { ...here, side: "R", grey: 90, more: { "00081010": { vr: "SH", Value: ["DX-2"] } } };
    const quarantineId = await conflict(here, came);

    const compared = await Ingest.compareQuarantined(manager, { quarantineId });
    expect(compared).toMatchObject({ code: "UID_CONFLICT", isSameObject: true, pixels: "differ" });
    expect(compared.differences).toEqual([
      { tag: "00200062", keyword: "ImageLaterality", here: "L", came: "R", isGrave: true },
      { tag: "00081010", keyword: "StationName", here: undefined, came: "DX-2", isGrave: false },
    ]);
    expect(compared.here?.patient.family).toBe("Alder");
    expect([compared.here?.side, compared.came.side]).toEqual(["L", "R"]);
    expect(compared.ways).toEqual(["keep", "replace", "both"]);
  });

  it("gives a picture of the newcomer's own bytes for as long as it waits", async () => {
    const here = radiograph();
    const came = { ...here, grey: 50 };
    const quarantineId = await conflict(here, came);
    const { objects } = await Ingest.signQuarantined(manager, { quarantineId });
    const [object] = objects;
    if (!object || "gone" in object) throw new Error("no URL");
    const bytes = Buffer.from(await (await fetch(object.url)).arrayBuffer());
    expect(bytes.equals(Buffer.from(bytesOf(came)))).toBe(true);

    await Ingest.solveConflict(manager, { way: "keep", quarantineIds: [quarantineId], reason: REASON });
    expect(await Ingest.signQuarantined(manager, { quarantineId })).toEqual({
      objects: [{ instanceId: quarantineId, gone: true, code: "NOT_SERVED" }],
    });
  });

  it("is the custodian's PACS manager's alone", async () => {
    const here = radiograph();
    const quarantineId = await conflict(here, { ...here, grey: 51 });
    const solution = { way: "keep" as const, quarantineIds: [quarantineId], reason: REASON };
    for (const key of ["sunita.kaur", "grace.fielding", "amara.okafor"]) {
      const other = region.as(key);
      expect(await codeOf(Ingest.compareQuarantined(other, { quarantineId }))).toBe("ACCESS_DENIED");
      expect(await codeOf(Ingest.signQuarantined(other, { quarantineId }))).toBe("ACCESS_DENIED");
      expect(await codeOf(Ingest.solveConflict(other, solution))).toBe("ACCESS_DENIED");
    }
  });

  it("shows nothing of a restricted record, and changes nothing of it", async () => {
    const patient = { ...alder, number: "RXC-3003", family: "Cedar" };
    const here = radiograph({ patient });
    const quarantineId = await conflict(here, { ...here, grey: 52 });
    const hereInstanceId = (await Ingest.compareQuarantined(manager, { quarantineId })).here?.image
      .instanceId;
    await Patient.markSensitive(manager, {
      custodian: "RXC",
      localNumber: patient.number,
      sensitivities: ["staff"],
    });
    const compared = await Ingest.compareQuarantined(manager, { quarantineId });
    expect(compared).toMatchObject({ here: undefined, isRestricted: true, differences: [] });
    expect(compared.ways).not.toContain("replace");
    const replaced = Ingest.solveConflict(manager, {
      way: "replace",
      quarantineIds: [quarantineId],
      hereInstanceId: hereInstanceId ?? "",
      reason: REASON,
    });
    expect(await codeOf(replaced)).toBe("ACCESS_DENIED");
  });
});

describe("keep", () => {
  it("leaves what is here as it was, and keeps the newcomer's row with its reason", async () => {
    const here = radiograph({ grey: 20 });
    const quarantineId = await conflict(here, { ...here, grey: 21 });
    const [row] = await rowsOf(here.study);
    const before = await servedOf(row?.studyId ?? "");
    await Ingest.solveConflict(manager, { way: "keep", quarantineIds: [quarantineId], reason: REASON });

    expect(await servedOf(row?.studyId ?? "")).toEqual(before);
    const { items } = await Ingest.listQuarantine(manager, { state: "solved" });
    expect(items.find(({ id }) => id === quarantineId)).toMatchObject({
      state: "kept",
      decisionReason: REASON,
      decidedBy: manager.actor.id,
    });
  });

  it("ends all that wait of one series alike, and nothing of another", async () => {
    const first = radiograph();
    const second = { ...first, sop: `${first.sop}.2`, instance: 2 };
    const apart = radiograph();
    await send(first, second, apart);
    await send({ ...first, grey: 30 }, { ...second, grey: 31 }, { ...apart, grey: 32 });
    const { alike } = await Ingest.compareQuarantined(manager, { quarantineId: await waitingFor(first) });
    expect(alike).toEqual([await waitingFor(second)]);
  });
});

describe("replace as a new version", () => {
  it("serves the newcomer under a new id and version, and keeps the old one whole", async () => {
    const here = radiograph({ grey: 40, side: "L" });
    const came = { ...here, grey: 41, side: "R" };
    const quarantineId = await conflict(here, came);
    const [row] = await rowsOf(here.study);
    const studyId = row?.studyId ?? "";
    const before = await servedOf(studyId);
    const old = before.instances[0];
    const { changeCursor } = await Worklist.list(reader, {});
    const compared = await Ingest.compareQuarantined(manager, { quarantineId });
    await Ingest.solveConflict(manager, {
      way: "replace",
      quarantineIds: [quarantineId],
      hereInstanceId: compared.here?.image.instanceId ?? "",
      reason: REASON,
    });

    const after = await servedOf(studyId);
    const now = after.instances[0];
    expect(after.instances).toHaveLength(1);
    expect(now?.header["00200062"]?.Value).toEqual(["R"]);
    expect(now?.version).toBeGreaterThan(old?.version ?? 0);
    expect(now?.instanceId).not.toBe(old?.instanceId);
    expect(after.series?.version).toBeGreaterThan(before.series?.version ?? 0);
    expect((await Worklist.hasChanged(reader, { since: changeCursor })).changed).toBe(true);
    // An open viewer that still holds the old locators learns that they are gone; it can't mix the two.
    expect(await bytesAt(studyId, old?.instanceId ?? "")).toBe("gone");
    expect(await bytesAt(studyId, now?.instanceId ?? "")).toEqual(Buffer.from(bytesOf(came)));

    const [kept] = await inDatabase<{
      object_key: string;
      sha256_stored: string;
      reason: string;
      replaced_by: string;
    }>("SELECT object_key, sha256_stored, reason, replaced_by FROM instance_superseded WHERE id = $1", [
      old?.instanceId,
    ]);
    expect(kept).toMatchObject({ reason: REASON, replaced_by: now?.instanceId });
    const hash = createHash("sha256");
    for await (const chunk of await region.service.ports.archive.read(kept?.object_key ?? ""))
      hash.update(chunk);
    expect(hash.digest("hex")).toBe(kept?.sha256_stored);
    expect(kept?.sha256_stored).toBe(createHash("sha256").update(bytesOf(here)).digest("hex"));
  });

  it("knows both again: what is served and what was replaced come back as duplicates", async () => {
    const here = radiograph({ grey: 42 });
    const came = { ...here, grey: 43 };
    const quarantineId = await conflict(here, came);
    const compared = await Ingest.compareQuarantined(manager, { quarantineId });
    const hereInstanceId = compared.here?.image.instanceId ?? "";
    await Ingest.solveConflict(manager, {
      way: "replace",
      quarantineIds: [quarantineId],
      hereInstanceId,
      reason: REASON,
    });
    expect(await send(here)).toEqual(["duplicate"]);
    expect(await send(came)).toEqual(["duplicate"]);
  });

  it("is decided once, and only for what was looked at", async () => {
    const here = radiograph({ grey: 44 });
    const quarantineId = await conflict(here, { ...here, grey: 45 });
    await send({ ...here, grey: 46 });
    const { items } = await Ingest.listQuarantine(manager, {});
    const other = items.find((item) => item.identity.sopInstanceUid === here.sop && item.id !== quarantineId);
    const hereInstanceId =
      (await Ingest.compareQuarantined(manager, { quarantineId })).here?.image.instanceId ?? "";
    const replace = (id: string) =>
      Ingest.solveConflict(manager, { way: "replace", quarantineIds: [id], hereInstanceId, reason: REASON });
    const both = await Promise.all([codeOf(replace(quarantineId)), codeOf(replace(quarantineId))]);
    expect(both.sort()).toEqual(["ALREADY_DECIDED", "no error"]);
    expect(await codeOf(replace(other?.id ?? ""))).toBe("HERE_CHANGED");
    // A refusal decided nothing: it still waits.
    expect((await Ingest.compareQuarantined(manager, { quarantineId: other?.id ?? "" })).state).toBe(
      "waiting",
    );
  });

  it("is refused for what says that it belongs elsewhere", async () => {
    const here = radiograph({ grey: 47 });
    const came = { ...here, series: `${here.series}.9`, grey: 48 };
    const quarantineId = await conflict(here, came);
    const compared = await Ingest.compareQuarantined(manager, { quarantineId });
    expect(compared.ways).toEqual(["keep", "both"]);
    const replaced = Ingest.solveConflict(manager, {
      way: "replace",
      quarantineIds: [quarantineId],
      hereInstanceId: compared.here?.image.instanceId ?? "",
      reason: REASON,
    });
    expect(await codeOf(replaced)).toBe("NOT_A_VERSION");
  });
});

describe("both, under another patient", () => {
  it("takes the newcomer in under the chosen patient and UIDs of our own, its bytes as they came", async () => {
    await send(radiograph({ patient: birch }));
    const here = radiograph({ grey: 60, accession: "RXC777" });
    const came = { ...here, grey: 61 };
    const quarantineId = await conflict(here, came);
    const patientId = await patientIdOf(birch.number);
    const { solved } = await Ingest.solveConflict(manager, {
      way: "both",
      quarantineIds: [quarantineId],
      patientId,
      reason: REASON,
    });

    const studyId = solved[0]?.studyId ?? "";
    const { opened, series, instances } = await servedOf(studyId);
    const [image] = instances;
    expect(opened.patient.family).toBe("Birch");
    expect(opened.studyInstanceUid).not.toBe(here.study);
    expect(series?.seriesInstanceUid).not.toBe(here.series);
    expect(image?.sopInstanceUid).not.toBe(here.sop);
    expect(image?.header["00100010"]?.Value).toEqual([{ Alphabetic: "Birch^Linden" }]);
    expect(image?.header["00100020"]?.Value).toEqual([birch.number]);
    expect(image?.header["0020000D"]?.Value).toEqual([opened.studyInstanceUid]);
    expect(image?.header["0020000E"]?.Value).toEqual([series?.seriesInstanceUid]);
    expect(image?.header["00080018"]?.Value).toEqual([image?.sopInstanceUid]);
    // The order was the other patient's.
    expect(image?.header["00080050"]?.Value).toBeUndefined();
    expect(opened.accessionNumber).toBeUndefined();
    expect(await bytesAt(studyId, image?.instanceId ?? "")).toEqual(Buffer.from(bytesOf(came)));
    // What is here stays, under its patient.
    const [row] = await rowsOf(here.study);
    expect(row?.patient.family).toBe("Alder");
    expect((await servedOf(row?.studyId ?? "")).instances).toHaveLength(1);
  });

  it("says in Original Attributes what stood there", async () => {
    await send(radiograph({ patient: birch }));
    const here = radiograph({ grey: 62 });
    const quarantineId = await conflict(here, { ...here, grey: 63 });
    await Ingest.solveConflict(manager, {
      way: "both",
      quarantineIds: [quarantineId],
      patientId: await patientIdOf(birch.number),
      reason: REASON,
    });
    const overlays = await inDatabase<{ level: string; attributes: Study.Overlay["attributes"] }>(
      "SELECT o.level, o.attributes FROM overlay o JOIN instance i ON i.original_sop_instance_uid = $1 JOIN series e ON e.id = i.series_id WHERE o.study_id = e.study_id ORDER BY o.level",
      [here.sop],
    );
    expect(overlays.map(({ level }) => level)).toEqual(["instance", "series", "study"]);
    const [header] = await inDatabase<{ header: Study.Overlay["attributes"] }>(
      "SELECT header FROM instance WHERE original_sop_instance_uid = $1",
      [here.sop],
    );
    const served = Study.applyOverlays(
      header?.header ?? {},
      overlays.map((overlay) => ({
        ...overlay,
        level: overlay.level === "study" || overlay.level === "series" ? overlay.level : "instance",
        targetId: "",
        version: 1,
        reason: "",
        writtenAt: new Date(),
      })),
    );
    const history = JSON.stringify(served["04000561"]);
    for (const original of [here.study, here.series, here.sop, alder.number, "Alder^Rowan"])
      expect(history).toContain(original);
  });

  it("keeps together what came together, and knows the same bytes again", async () => {
    await send(radiograph({ patient: birch }));
    const first = radiograph({ grey: 64 });
    const second = { ...first, sop: `${first.sop}.2`, instance: 2, grey: 65 };
    await send(first, second);
    const [cameFirst, cameSecond] = [
      { ...first, grey: 66 },
      { ...second, grey: 67 },
    ];
    await send(cameFirst, cameSecond);
    const quarantineIds = [await waitingFor(first), await waitingFor(second)];
    const patientId = await patientIdOf(birch.number);
    const { solved } = await Ingest.solveConflict(manager, {
      way: "both",
      quarantineIds,
      patientId,
      reason: REASON,
    });
    expect(new Set(solved.map(({ studyId }) => studyId)).size).toBe(1);
    expect((await servedOf(solved[0]?.studyId ?? "")).instances).toHaveLength(2);
    expect(await send(cameFirst, cameSecond)).toEqual(["duplicate", "duplicate"]);
    // Other bytes under the same UID are still for a person.
    expect(await send({ ...first, grey: 68 })).toEqual(["UID_CONFLICT"]);
  });

  it("solves a study of another patient under a known Study UID, side by side with one of its images", async () => {
    await send(radiograph({ patient: birch }));
    const here = radiograph();
    const came = radiograph({ patient: birch, study: here.study });
    const quarantineId = await conflict(here, came);
    const compared = await Ingest.compareQuarantined(manager, { quarantineId });
    expect(compared).toMatchObject({ code: "PATIENT_MISMATCH", isSameObject: false, ways: ["keep", "both"] });
    expect(compared.differences.map(({ keyword }) => keyword)).toEqual(
      expect.arrayContaining(["PatientName", "PatientID", "PatientBirthDate", "PatientSex"]),
    );
    const { solved } = await Ingest.solveConflict(manager, {
      way: "both",
      quarantineIds: [quarantineId],
      patientId: await patientIdOf(birch.number),
      reason: REASON,
    });
    expect((await servedOf(solved[0]?.studyId ?? "")).opened.patient.family).toBe("Birch");
  });

  it("wants another patient, and one whom this trust knows", async () => {
    const here = radiograph();
    const quarantineId = await conflict(here, { ...here, grey: 69 });
    const elsewhere = radiograph({ patient: { ...birch, number: "RTK-9", family: "Dogwood" } });
    await region.send("RTK", [sourceOf(elsewhere)]);
    const { candidates } = await Patient.lookUp(manager, {
      by: "local-number",
      custodian: "RTK",
      localNumber: "RTK-9",
    });
    const solve = (patientId: string) =>
      codeOf(
        Ingest.solveConflict(manager, {
          way: "both",
          quarantineIds: [quarantineId],
          patientId,
          reason: REASON,
        }),
      );
    expect(await solve(candidates[0]?.patientId ?? "")).toBe("NO_RECORD_HERE");
    expect(await solve(await patientIdOf(alder.number))).toBe("SAME_PATIENT");
  });
});

describe("on the record", () => {
  it("each decision leaves its way, its item and its study in the audit, and no reason's words", async () => {
    const here = radiograph();
    const quarantineId = await conflict(here, { ...here, grey: 70 });
    await Ingest.solveConflict(manager, { way: "keep", quarantineIds: [quarantineId], reason: REASON });
    const rows = await inDatabase<{ outcome: string; detail: object; custodian: string }>(
      "SELECT outcome, detail, custodian FROM audit_event WHERE action = 'ingest.solve-conflict' AND detail->>'quarantineId' = $1",
      [quarantineId],
    );
    expect(rows).toEqual([{ outcome: "success", custodian: "RXC", detail: { quarantineId, way: "keep" } }]);
  });

  it("a newcomer alone in its study leaves no empty study on any list", async () => {
    const here = radiograph();
    await send(here);
    const came = { ...here, study: `${here.study}.8`, series: `${here.series}.8`, grey: 71 };
    expect(await send(came)).toEqual(["UID_CONFLICT"]);
    expect(await rowsOf(came.study)).toEqual([]);
  });
});
