import * as Access from "@weald/core/access";
import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Reporting from "@weald/core/reporting";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, report, rowan, rows, sendAll, studyIdOf } from "./sent.ts";

const twice = { family: "Ash", given: "Robin", born: "19700101", sex: "F" };

describe("two records of one person", () => {
  let region: Region;
  let [reader, manager, clinician]: Ctx[] = [];
  const who = () => ({ reader: reader as Ctx, manager: manager as Ctx, clinician: clinician as Ctx });
  const [old, kept, later, elsewhere] = [mintUid(), mintUid(), mintUid(), mintUid()];
  const retired = { ...twice, localNumber: "RXC-OLD" };
  const stays = { ...twice, localNumber: "RXC-NEW", nhs: "9990000042" };
  const recordOf = async (localNumber: string) => {
    const [row] = await rows<{ id: string; patientId: string }>(
      region,
      'SELECT id::text, patient_id::text AS "patientId" FROM patient_record WHERE local_number = $1',
      localNumber,
    );
    return row ?? { id: "", patientId: "" };
  };
  const patientOfStudy = async (uid: string) =>
    (await Study.open(who().reader, { studyId: await studyIdOf(region, uid) })).patient;
  const headersOf = async (uid: string) => {
    const { series } = await Study.open(who().reader, { studyId: await studyIdOf(region, uid) });
    const pages = await Promise.all(
      series.map(({ seriesId }) => Study.readSeries(who().reader, { seriesId })),
    );
    return pages.flatMap(({ instances }) => instances.map(({ header }) => header["00100020"]?.Value?.[0]));
  };

  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("rohan.patel");
    manager = region.as("tom.reyes");
    clinician = region.as("ines.marlow");
    await sendAll(
      region,
      "RXC",
      image({ study: old, of: retired, accession: "O1" }),
      image({ study: kept, of: stays }),
    );
    await sendAll(
      region,
      "RXC",
      report({ accession: "O1", id: "o1", at: "20261101120000", status: "P", text: "First.", of: retired }),
    );
    await sendAll(region, "RA2", image({ study: elsewhere, of: { ...twice, localNumber: "RA2-1" } }));
    const { patientId } = await recordOf("RXC-OLD");
    await Access.stateRelationship(who().clinician, { patientId, statement: "treating-now" });
  }, 60_000);
  afterAll(() => region.stop());
  let mergeId = "";

  it("in one trust become one patient's: what hung on the first number is served under the second", async () => {
    const [from, into] = [await recordOf("RXC-OLD"), await recordOf("RXC-NEW")];
    expect(
      await codeOf(
        Correction.joinRecords(who().reader, {
          fromRecordId: from.id,
          intoRecordId: into.id,
          reason: "same",
        }),
      ),
    ).toBe("not-for-this-role");
    const joined = await Correction.joinRecords(who().manager, {
      fromRecordId: from.id,
      intoRecordId: into.id,
      reason: "registered twice",
    });
    mergeId = joined.mergeId;
    expect(await patientOfStudy(old)).toMatchObject({ localNumber: "RXC-NEW", patientId: into.patientId });
    expect(await headersOf(old)).toEqual(["RXC-NEW"]);
    const { rows: listed } = await Timeline.read(who().reader, { patientId: into.patientId });
    expect(listed.map((row) => row.studyInstanceUid).sort()).toEqual([old, kept].sort());
    const read = await Reporting.read(who().reader, { studyId: await studyIdOf(region, old) });
    expect(read).toMatchObject({ state: "preliminary", isTiedToAnother: false });
    expect(await codeOf(Timeline.read(who().clinician, { patientId: into.patientId }))).toBe("done");
    expect(
      await codeOf(
        Correction.joinRecords(who().manager, {
          fromRecordId: from.id,
          intoRecordId: into.id,
          reason: "again",
        }),
      ),
    ).toBe("ALREADY_MERGED");
  });
  it("what still comes under the first number is the second's: images, late ones, and the final report", async () => {
    expect(await sendAll(region, "RXC", image({ study: later, of: retired }))).toEqual(["accepted"]);
    expect(await sendAll(region, "RXC", image({ study: later, of: stays }))).toEqual(["accepted"]);
    expect(await headersOf(later)).toEqual(["RXC-NEW", "RXC-NEW"]);
    expect(await patientOfStudy(later)).toMatchObject({ localNumber: "RXC-NEW" });
    expect(
      await sendAll(
        region,
        "RXC",
        report({ accession: "O1", id: "o2", at: "20261102120000", status: "F", text: "Final.", of: retired }),
      ),
    ).toEqual(["accepted"]);
    expect(await Reporting.read(who().reader, { studyId: await studyIdOf(region, old) })).toMatchObject({
      state: "final",
    });
  });
  it("come apart again whole: studies, reports, what came in between, and what was stated of each", async () => {
    const { joined } = await Correction.listJoined(who().manager, {});
    expect(joined).toMatchObject([
      { mergeId, how: "person", from: { localNumber: "RXC-OLD" }, undoneAt: undefined },
    ]);
    await Correction.partRecords(who().manager, { mergeId, reason: "they are two sisters" });
    const [from, into] = [await recordOf("RXC-OLD"), await recordOf("RXC-NEW")];
    expect(from.patientId).not.toBe(into.patientId);
    expect(await patientOfStudy(old)).toMatchObject({ localNumber: "RXC-OLD", patientId: from.patientId });
    expect(await headersOf(old)).toEqual(["RXC-OLD"]);
    expect(await patientOfStudy(later)).toMatchObject({ localNumber: "RXC-OLD" });
    expect(await patientOfStudy(kept)).toMatchObject({ localNumber: "RXC-NEW" });
    expect(await codeOf(Timeline.read(who().clinician, { patientId: from.patientId }))).toBe("done");
    expect(await codeOf(Timeline.read(who().clinician, { patientId: into.patientId }))).toBe(
      "no-relationship",
    );
    expect(await codeOf(Correction.partRecords(who().manager, { mergeId, reason: "again" }))).toBe(
      "ALREADY_UNDONE",
    );
  });
  it("of two trusts are one patient's, each under its own number", async () => {
    const [theirs, ours] = [await recordOf("RA2-1"), await recordOf("RXC-NEW")];
    expect(
      await codeOf(
        Correction.joinRecords(region.as("sunita.kaur"), {
          fromRecordId: theirs.id,
          intoRecordId: ours.id,
          reason: "same",
        }),
      ),
    ).toBe("not-your-trust");
    await Correction.joinRecords(who().manager, {
      fromRecordId: theirs.id,
      intoRecordId: ours.id,
      reason: "same person",
    });
    const opened = await Study.open(who().reader, { studyId: await studyIdOf(region, elsewhere, "RA2") });
    expect(opened.patient).toMatchObject({ localNumber: "RA2-1", patientId: ours.patientId });
  });
  it("marked as not to be linked are joined by nobody; a restricted one neither", async () => {
    await sendAll(region, "RXC", image({ of: rowan() }));
    const [a, b] = [await recordOf("RXC-1001"), await recordOf("RXC-OLD")];
    await Patient.neverLink(who().manager, { recordA: a.id, recordB: b.id });
    expect(
      await codeOf(
        Correction.joinRecords(who().manager, { fromRecordId: a.id, intoRecordId: b.id, reason: "same" }),
      ),
    ).toBe("NEVER_LINKED");
    await Patient.markSensitive(who().manager, {
      custodian: "RXC",
      localNumber: "RXC-1001",
      sensitivities: ["staff"],
    });
    const c = await recordOf("RXC-NEW");
    expect(
      await codeOf(
        Correction.joinRecords(who().manager, { fromRecordId: a.id, intoRecordId: c.id, reason: "same" }),
      ),
    ).toBe("sensitive");
  });
});
