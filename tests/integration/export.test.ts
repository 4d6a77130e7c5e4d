import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Takeout from "@weald/core/takeout";
import {
  ExportFolder,
  exportRecords,
  type TakeoutApi,
  verifyExport,
  type Whose,
} from "@weald/dev-env/export";
import { inProcessTakeout, Region } from "@weald/dev-env/region";
import { sourcesIn } from "@weald/dev-env/send";
import { mintUid, readHeader, sequence, text } from "@weald/dicom";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { bytesOf, codeOf, image, report, request, rowan, rows, studyIdOf, systemCtx } from "./sent.ts";

const sorrel = rowan({
  localNumber: "RXC-2002",
  nhs: "9990000026",
  family: "Sorrel",
  given: "Ash",
  born: "19800102",
});
/** The demonstration's people of East Sussex. */
const PACS = "tom.reyes@RXC";

describe("taking out", () => {
  let region: Region;
  let folder: string;
  const study = mintUid();
  const series = mintUid();
  const corrected = mintUid();
  const theirs = mintUid();
  beforeAll(async () => {
    region = await Region.create();
    await region.send("RXC", [
      ...[1, 2, 3].map((number) => image({ study, series, number, accession: "A1", description: "Chest" })),
      image({ study: corrected, accession: "A2", description: "CT ABDO", date: "20250101" }),
      image({ study: theirs, of: sorrel, accession: "B1" }),
      request({ accession: "A1", id: "M1", at: "20261101080000", question: "Pneumonia?" }),
      request({
        accession: "A2",
        id: "M4",
        at: "20261101080500",
        control: "SC",
        status: "CM",
        referrer: "^O\\T\\Neill^Una^^^Dr",
        question: "Why | how ^ when?\\.br\\Again.".replaceAll("|", "\\F\\").replaceAll("^", "\\S\\"),
      }),
      report({ accession: "A1", id: "M2", at: "20261101100000", status: "P", text: "Looks clear." }),
      report({
        accession: "A1",
        id: "M3",
        at: "20261101120000",
        status: "F",
        text: "Clear. <b>No</b> pneumonia.",
      }),
    ]);
    await correct(corrected, "CT Thorax");
  });
  afterAll(() => region.stop());
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "weald-export-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** As a correction of the study's description leaves it. */
  async function correct(studyInstanceUid: string, description: string): Promise<void> {
    const id = await studyIdOf(region, studyInstanceUid);
    await rows(
      region,
      `INSERT INTO overlay (id, custodian, level, target_id, study_id, version, attributes, reason, written_by, written_at)
       VALUES (gen_random_uuid(), 'RXC', 'study', $1::uuid, $1::uuid, 1, $2::jsonb, 'wrong label', 'p', now()) RETURNING id`,
      id,
      JSON.stringify({ "00081030": { vr: "LO", Value: [description] } }),
    );
  }

  async function take(whose: Whose, as = PACS, api: TakeoutApi = inProcessTakeout(region.as(as))) {
    const told = await exportRecords({
      api,
      whose,
      folder: await ExportFolder.open(folder, JSON.stringify(whose)),
    });
    return told;
  }
  const lines = (name: string) =>
    readFileSync(path.join(folder, name), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const files = (below: string) =>
    existsSync(path.join(folder, below))
      ? readdirSync(path.join(folder, below), { recursive: true, encoding: "utf8" }).filter((file) =>
          file.endsWith(".dcm"),
        )
      : [];
  const headerOf = async (file: string) =>
    (
      await readHeader(
        (async function* one() {
          yield readFileSync(path.join(folder, file));
        })(),
      )
    ).dataset;

  it("a trust that leaves: every object, report and request, with sums that outside tools check", async () => {
    const told = await take({ kind: "trust" });
    expect(told).toEqual({ records: 2, studies: 3, objects: 5, notTaken: [] });
    expect(files("dicom")).toHaveLength(5);
    expect(
      lines("fhir/Patient.ndjson")
        .map(({ name }) => name[0].family)
        .sort(),
    ).toEqual(["Alder", "Sorrel"]);
    expect(
      lines("fhir/ImagingStudy.ndjson")
        .map(({ numberOfInstances }) => numberOfInstances)
        .sort(),
    ).toEqual([1, 1, 3]);
    const reports = lines("fhir/DiagnosticReport.ndjson");
    expect(reports.map(({ status }) => status)).toEqual(["preliminary", "final"]);
    expect(Buffer.from(reports[1].presentedForm[0].data, "base64").toString()).toBe(
      "Clear. <b>No</b> pneumonia.",
    );
    expect(lines("fhir/ServiceRequest.ndjson").sort((a, b) => (a.status < b.status ? -1 : 1))).toMatchObject([
      { status: "active", reasonCode: [{ text: "Pneumonia?" }] },
      { status: "completed", reasonCode: [{ text: "Why | how ^ when?\nAgain." }] },
    ]);
    expect(readdirSync(path.join(folder, "requests"))).toHaveLength(2);
    expect(lines("fhir/Provenance.ndjson")).toMatchObject([{ reason: [{ text: "wrong label" }] }]);
    expect(execFileSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: folder }).toString()).toBe("");
    expect((await verifyExport(folder)).wrong).toEqual([]);
  });

  it("carries who looked: of a person by role and trust, of a trust that leaves by user id, and its own events of no patient", async () => {
    const reader = region.as("amara.okafor@RXC");
    await Study.open(reader, { studyId: await studyIdOf(region, study) });
    const readers = (events: { agent: { who: { identifier?: { value: string } } }[] }[]) =>
      new Set(events.flatMap(({ agent }) => agent.map(({ who }) => who.identifier?.value)));
    await take({ kind: "local-number", localNumber: "RXC-1001" });
    const theirs = lines("fhir/AuditEvent.ndjson");
    expect(theirs.length).toBeGreaterThan(0);
    expect(new Set(theirs.map(({ resourceType }) => resourceType))).toEqual(new Set(["AuditEvent"]));
    expect([...readers(theirs)]).toContain("radiologist");
    expect(JSON.stringify(theirs)).not.toContain(reader.actor.id);

    rmSync(folder, { recursive: true });
    await take({ kind: "trust" });
    const all = lines("fhir/AuditEvent.ndjson");
    expect([...readers(all)]).toContain(reader.actor.id);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const [{ n: kept = 0 } = {}] = await rows<{ n: number }>(
      region,
      "SELECT count(*)::int AS n FROM audit_event WHERE action = 'ingest.begin-upload'",
    );
    const own = all.filter((event) => JSON.stringify(event).includes("ingest.begin-upload"));
    expect([own.length, kept > 0]).toEqual([kept, true]);
    expect((await verifyExport(folder)).wrong).toEqual([]);
  });

  it("gives what is served, with what stood there; what was corrected is there as it came, too", async () => {
    await take({ kind: "trust" });
    const [place = ""] = files(`dicom/${corrected}`);
    const served = await headerOf(`dicom/${corrected}/${place}`);
    expect(text(served, "00081030")).toBe("CT Thorax");
    const [original] = sequence(served, "04000561");
    expect(text(sequence(original ?? {}, "04000550")[0] ?? {}, "00081030")).toBe("CT ABDO");
    expect(text(await headerOf(`originals/${corrected}/${place}`), "00081030")).toBe("CT ABDO");
    const [same = ""] = files(`dicom/${study}`);
    const stored = await rows<{ key: string }>(
      region,
      "SELECT object_key AS key FROM instance WHERE sop_instance_uid = $1",
      path.basename(same, ".dcm"),
    );
    const pieces: Uint8Array[] = [];
    for await (const piece of await region.service.ports.archive.read(stored[0]?.key ?? ""))
      pieces.push(piece);
    expect(readFileSync(path.join(folder, `dicom/${study}`, same)).equals(Buffer.concat(pieces))).toBe(true);
  });

  it("a person who asks gets what is served of them, and nothing of anybody else", async () => {
    const told = await take({ kind: "nhs-number", nhsNumber: "999 000 0018" });
    expect(told).toMatchObject({ studies: 2, objects: 4, notTaken: [] });
    expect(files("originals")).toEqual([]);
    expect(readFileSync(path.join(folder, "fhir/Patient.ndjson"), "utf8")).not.toContain("Sorrel");
    expect((await verifyExport(folder)).wrong).toEqual([]);
    rmSync(folder, { recursive: true });
    expect(await take({ kind: "local-number", localNumber: "RXC-2002" })).toMatchObject({
      studies: 1,
      objects: 1,
    });
  });

  it("leaves what was rejected to the trust alone, where nobody takes it for an image of the patient", async () => {
    const rejected = mintUid();
    await region.send("RXC", [image({ study: rejected, of: sorrel })]);
    await rows(
      region,
      "UPDATE study SET rejected_at = now() WHERE study_instance_uid = $1 RETURNING id",
      rejected,
    );
    await take({ kind: "local-number", localNumber: "RXC-2002" });
    expect(files(`dicom/${rejected}`)).toEqual([]);
    expect(files("set-aside")).toEqual([]);
    rmSync(folder, { recursive: true });
    await take({ kind: "trust" });
    expect(files(`dicom/${rejected}`)).toEqual([]);
    expect(files(`set-aside/${rejected}`)).toHaveLength(1);
    expect(
      lines("fhir/ImagingStudy.ndjson").filter(({ status }) => status === "entered-in-error"),
    ).toHaveLength(1);
  });

  it("goes on where it was stopped, and no line is there twice", async () => {
    const api = inProcessTakeout(region.as(PACS));
    let records = 0;
    const broken: TakeoutApi = {
      ...api,
      readRecord(whose, recordId) {
        records += 1;
        if (records === 2) throw new Error("the plug was pulled");
        return api.readRecord(whose, recordId);
      },
    };
    await expect(take({ kind: "trust" }, PACS, broken)).rejects.toThrow("plug");
    // Half of what the second record would have brought.
    writeFileSync(path.join(folder, "fhir/Patient.ndjson"), '{"resourceType":"Pati', { flag: "a" });
    const first = statSync(path.join(folder, "sums.part")).size;
    expect(first).toBeGreaterThan(0);
    const again = await take({ kind: "trust" });
    expect(again.records).toBe(1);
    expect(lines("fhir/Patient.ndjson")).toHaveLength(2);
    expect((await verifyExport(folder)).wrong).toEqual([]);
    await expect(ExportFolder.open(folder, "another")).rejects.toMatchObject({ code: "FOLDER_IN_USE" });
  });

  it("names an object that could not be had, and gets it the next time", async () => {
    const api = inProcessTakeout(region.as(PACS));
    let isAway = true;
    const flaky: TakeoutApi = {
      ...api,
      async signStudy(asked) {
        const page = await api.signStudy(asked);
        return isAway
          ? { ...page, objects: page.objects.map((one) => ({ ...one, url: `${one.url}x` })) }
          : page;
      },
    };
    const first = await take({ kind: "local-number", localNumber: "RXC-2002" }, PACS, flaky);
    expect(first.notTaken.map(({ why }) => why)).toEqual(["The object store answered 403."]);
    isAway = false;
    expect(await take({ kind: "local-number", localNumber: "RXC-2002" }, PACS, flaky)).toMatchObject({
      objects: 1,
      notTaken: [],
    });
  });

  it("finds a file that was changed, lost or slipped in", async () => {
    await take({ kind: "trust" });
    const [one = "", two = ""] = files("dicom");
    writeFileSync(path.join(folder, "dicom", one), "x", { flag: "a" });
    rmSync(path.join(folder, "dicom", two));
    writeFileSync(path.join(folder, "dicom/extra.dcm"), bytesOf({}));
    expect((await verifyExport(folder)).wrong.map(({ why }) => why).sort()).toEqual([
      "changed",
      "missing",
      "not in the list",
    ]);
  });

  it("is for those whose office it is, of their own trust, and stands in the audit as taken out", async () => {
    const trust = { whose: { kind: "trust" as const } };
    const person = { whose: { kind: "local-number" as const, localNumber: "RXC-1001" } };
    expect(await codeOf(Takeout.listRecords(region.as("amara.okafor@RA2"), trust))).toBe("not-for-this-role");
    expect(await codeOf(Takeout.listRecords(region.gateway("RXC"), trust))).toBe("not-for-this-role");
    const { recordIds } = await Takeout.listRecords(region.as(PACS), person);
    const [recordId = ""] = recordIds;
    await Takeout.readRecord(region.as(PACS), { ...person, recordId });
    const taken = await rows<{ n: number }>(
      region,
      "SELECT count(*)::int AS n FROM audit_event WHERE verb = 'taken-out' AND action = 'takeout.read-record' AND patient_id IS NOT NULL",
    );
    expect(taken[0]?.n).toBeGreaterThan(0);
    await Patient.markSensitive(region.as(PACS), {
      custodian: "RXC",
      localNumber: "RXC-1001",
      sensitivities: ["staff"],
    });
    expect(await codeOf(Takeout.readRecord(region.as(PACS), { ...person, recordId }))).toBe("sensitive");
    expect(await codeOf(Takeout.listRecords(systemCtx(region), trust))).toBe("not-for-this-role");
  });

  // Last: whatever of the first region is loaded after this finds the modules of the second.
  it("goes in again elsewhere: the same studies, the same reports, corrected as they were", async () => {
    await take({ kind: "trust" });
    // A process keeps one region's service; fresh modules have their own.
    vi.resetModules();
    const { Region: Elsewhere } = await import("@weald/dev-env/region");
    const other = await Elsewhere.create();
    try {
      const sources = [];
      for (const below of ["dicom", "requests", "messages"])
        for await (const source of sourcesIn([path.join(folder, below)])) sources.push(source);
      const sent = await other.send("RXC", sources);
      expect(sent.map(({ outcome }) => outcome)).toEqual(sources.map(() => "accepted"));
      const content = (one: Region) =>
        rows(
          one,
          `SELECT s.study_instance_uid, e.series_instance_uid, i.sop_instance_uid, i.pixel_sha256, p.local_number, p.family,
             coalesce((SELECT o.attributes->'00081030'->'Value'->>0 FROM overlay o WHERE o.target_id = s.id), s.description) AS description
           FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i JOIN study s ON s.id = e.study_id
           JOIN patient_record p ON p.id = s.patient_record_id WHERE s.rejected_at IS NULL ORDER BY i.sop_instance_uid`,
        );
      expect(await content(other)).toEqual(await content(region));
      const reports = (one: Region) =>
        rows(
          one,
          "SELECT r.accession_number, r.filler_number, v.status, v.text, v.reported_at FROM report r JOIN report_version v ON v.report_id = r.id ORDER BY v.message_at",
        );
      expect(await reports(other)).toEqual(await reports(region));
      const requests = (one: Region) =>
        rows(
          one,
          `SELECT accession_number, issuer, procedure_code, procedure_text, body_part, laterality, referrer, priority, question,
             state, requested_at, message_at FROM imaging_request ORDER BY accession_number`,
        );
      expect(await requests(other)).toEqual(await requests(region));
      expect(await requests(other)).toHaveLength(2);
    } finally {
      await other.stop();
      Object.assign(process.env, region.environment);
    }
  });
});
