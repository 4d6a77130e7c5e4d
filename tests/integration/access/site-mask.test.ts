import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Reporting from "@weald/core/reporting";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, EXPLICIT_LITTLE, readPart10, tagOf, vrOf, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  at,
  codeOf,
  datasetOf,
  dicom,
  after as hoursOn,
  report,
  request,
  rowan,
  rows,
  sendAll,
  studyIdOf,
  systemCtx,
} from "../sent.ts";

/** Stands in every attribute, message and name that may tell where the patient was, and nowhere else. */
const SECRET = "ZZQSITE";
const ROOT = "1.2.826.0.1.3680043.7777";
const number = `${SECRET}-0042`;
const said = rowan({ localNumber: number, given: "Flagged" });
const accession = `${SECRET}9`;

const plantedAt = (tag: string): DicomJson => {
  const vr = vrOf(tag);
  return { [tag]: vr === "PN" ? { vr, Value: [{ Alphabetic: `${SECRET}^X` }] } : { vr, Value: [SECRET] } };
};
/** Of each group of the list, and where a list would not look: private elements, items, free text. */
const TELLS: DicomJson = Object.assign(
  {},
  ...[
    "InstitutionName",
    "InstitutionAddress",
    "InstitutionalDepartmentName",
    "StationName",
    "DeviceSerialNumber",
    "ManufacturerModelName",
    "ReferringPhysicianName",
    "OperatorsName",
    "IssuerOfPatientID",
    "ProtocolName",
    "ImageComments",
    "StudyID",
  ].map((keyword) => plantedAt(tagOf(keyword))),
  {
    "00081030": { vr: "LO", Value: [`Chest at ${SECRET}`] },
    "0008103E": { vr: "LO", Value: ["PA erect"] },
    "00090010": { vr: "LO", Value: [SECRET] },
    "00091001": { vr: "LO", Value: [SECRET] },
    "00400275": { vr: "SQ", Value: [plantedAt(tagOf("InstitutionName"))] },
  },
);
const study = `${ROOT}.1`;
const series = `${ROOT}.2`;
const pixels = (grey: number) => new Uint8Array(32).fill(grey);

const shot = (sop: string, grey: number, more: DicomJson = {}) =>
  dicom(
    writePart10({
      dataset: datasetOf({ study, series, sop, of: said, accession, grey, more: { ...TELLS, ...more } }),
      pixelData: pixels(grey),
      transferSyntaxUid: EXPLICIT_LITTLE,
    }),
  );
const TELLING = new RegExp(`${SECRET}|${ROOT}|RA2|Royal Surrey|Guildford`, "i");

async function* once(bytes: Uint8Array) {
  yield bytes;
}

describe("images of a patient with the S-flag, outside the caring team", () => {
  let region: Region;
  let studyId: string;
  let patientId: string;
  let outside: Ctx;

  const relate = (ctx: Ctx, kind: string) =>
    rows(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
       VALUES (uuidv7(), $1::uuid, $2, 'RYR', $3, 'test', now() - interval '1 hour', now() + interval '1 day') RETURNING id::text`,
      patientId,
      ctx.actor.id,
      kind,
    );

  beforeAll(async () => {
    region = await Region.create();
    await sendAll(
      region,
      "RA2",
      shot(`${ROOT}.3`, 3, { "00200013": { vr: "IS", Value: [1] } }),
      shot(`${ROOT}.4`, 4, { "00200013": { vr: "IS", Value: [2] } }),
      // It doesn't say whether text is burned in, and is of a kind that has some.
      shot(`${ROOT}.5`, 5, { "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7"] } }),
      request({
        trust: "RA2",
        of: said,
        accession,
        id: "q1",
        at: "20261101090000",
        question: `Seen at ${SECRET}`,
        referrer: `${SECRET}^Doctor`,
      }),
      report({
        trust: "RA2",
        of: said,
        accession,
        id: "r1",
        at: "20261101100000",
        status: "F",
        text: `Lungs are clear. Comparison at ${SECRET}, Royal Surrey.`,
      }),
    );
    studyId = await studyIdOf(region, study, "RA2");
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RA2",
      localNumber: number,
      sensitivities: ["s-flag"],
    });
    const [row] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      studyId,
    );
    patientId = row?.id ?? "";
    outside = region.as("ines.marlow");
    await relate(outside, "statement");
  }, 60_000);
  afterAll(() => region.stop());

  /** All that a masked reader gets by the portal, and every byte behind every URL. */
  async function seenBy(ctx: Ctx) {
    const opened = await Study.open(ctx, { studyId });
    const read = await Promise.all(opened.series.map(({ seriesId }) => Study.readSeries(ctx, { seriesId })));
    const instances = read.flatMap((one) => one.instances);
    const instanceIds = (
      await rows<{ id: string }>(
        region,
        "SELECT i.id::text FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = $1::uuid",
        studyId,
      )
    ).map(({ id }) => id);
    // Also of what is withheld: its id may be guessed.
    const { objects } = await Study.signObjects(ctx, { studyId, instanceIds });
    const urls = objects.flatMap((one) => ("url" in one ? [one] : []));
    const bodies = new Map<string, Buffer>();
    for (const { url, instanceId } of urls)
      bodies.set(instanceId, Buffer.from(await (await fetch(url)).arrayBuffer()));
    const answers = {
      opened,
      read,
      objects,
      page: await Timeline.read(ctx, { patientId }),
      list: await Worklist.list(ctx, {}),
      report: await Reporting.read(ctx, { studyId }),
      glance: await Reporting.glance(ctx, { studyId }),
      lookedUp: await Patient.lookUp(ctx, {
        by: "name",
        family: said.family,
        given: "Flagged",
        birthDate: "1961-04-03",
      }),
    };
    return { answers, opened, instances, bodies };
  }

  it("come without the site: no answer, no URL and no byte behind one tells it", async () => {
    for (const key of ["ines.marlow", "amara.okafor"]) {
      const { answers, bodies } = await seenBy(region.as(key));
      expect([key, bodies.size]).toEqual([key, 2]);
      expect(JSON.stringify(answers)).not.toMatch(TELLING);
      for (const bytes of bodies.values()) expect(bytes.toString("latin1")).not.toMatch(TELLING);
    }
  });

  it("are the same pictures: frames as stored lie where the locators say, in a file that is whole", async () => {
    const { instances, bodies, opened } = await seenBy(outside);
    expect(instances.map(({ instanceNumber }) => instanceNumber)).toEqual([1, 2]);
    for (const { instanceId, frames, sizeBytes, sopInstanceUid, instanceNumber } of instances) {
      const bytes = bodies.get(instanceId) ?? Buffer.alloc(0);
      const [frame] = frames;
      expect(bytes.length).toBe(sizeBytes);
      expect(bytes.subarray(frame?.offset, (frame?.offset ?? 0) + (frame?.length ?? 0))).toEqual(
        Buffer.from(pixels((instanceNumber ?? 0) + 2)),
      );
      const object = await readPart10(once(bytes));
      expect(object.dataset["00080018"]?.Value).toEqual([sopInstanceUid]);
      expect(object.dataset["0020000D"]?.Value).toEqual([opened.studyInstanceUid]);
      expect(object.dataset["00100020"]?.Value).toEqual([said.nhs]);
      expect(object.dataset["0008103E"]?.Value).toEqual(["PA erect"]);
    }
  });

  describe("by DICOMweb", () => {
    const uidIn = (dataset: DicomJson | undefined, tag: string) => String(dataset?.[tag]?.Value?.[0]);
    async function ask(path: string, accept = "application/dicom+json") {
      const response = await fetch(`${region.dicomwebUrl}${path}`, {
        headers: { authorization: `Bearer ${await region.tokenOf(outside)}`, accept },
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      const said = `${JSON.stringify([...response.headers])} ${bytes.toString("latin1")}`;
      return { status: response.status, headers: response.headers, bytes, said };
    }
    const matches = async (path: string): Promise<DicomJson[]> => {
      const { status, bytes } = await ask(path);
      return status === 200 ? JSON.parse(bytes.toString("utf8")) : [];
    };

    it("come without the site: searches, metadata, frames, whole objects and pictures", async () => {
      const found = await matches("/studies?PatientName=Alder*&includefield=all");
      expect(found).toHaveLength(1);
      const studyUid = uidIn(found[0], "0020000D");
      const of = `/studies/${studyUid}`;
      const [foundSeries] = await matches(`${of}/series?includefield=all`);
      const below = `${of}/series/${uidIn(foundSeries, "0020000E")}`;
      const sops = (await matches(`${below}/instances?includefield=all`)).map((one) =>
        uidIn(one, "00080018"),
      );
      expect(sops).toHaveLength(3);
      const metadata = await matches(`${below}/metadata`);
      expect(metadata).toHaveLength(2);
      const sop = uidIn(metadata[0], "00080018");
      expect(sops).toContain(sop);
      const one = `${below}/instances/${sop}`;
      const answers = await Promise.all([
        ask("/studies?PatientName=Alder*&includefield=all"),
        ask(`/studies?StudyInstanceUID=${studyUid}&includefield=all`),
        ask(`${of}/series?includefield=all`),
        ask(`${of}/instances?includefield=all`),
        ask(`${below}/instances?includefield=all`),
        ask(`${of}/metadata`),
        ask(`${one}/metadata`),
        ask(of, 'multipart/related; type="application/dicom"; transfer-syntax=*'),
        ask(of, 'multipart/related; type="application/dicom"'),
        ask(one, "application/dicom"),
        ask(`${one}/frames/1`, "application/octet-stream"),
        ask(`${one}/bulkdata/7FE00010`, "application/octet-stream"),
        ask(`${one}/rendered`, "image/png"),
        ask(`${below}/thumbnail`, "image/png"),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      for (const { said } of answers) expect(said).not.toMatch(TELLING);
      const [whole, frame] = [answers[9], answers[10]];
      expect(frame?.bytes).toEqual(Buffer.from(pixels(3)));
      const object = await readPart10(once(whole?.bytes ?? Buffer.alloc(0)));
      expect(object.dataset["00080018"]?.Value).toEqual([sop]);
      expect(answers[7]?.headers.get("warning")).toContain("withheld");
    });

    it("are found by nothing that is masked, and by their own UIDs stay closed", async () => {
      const [found] = await matches("/studies?PatientName=Alder*");
      const masked = uidIn(found, "0020000D");
      for (const query of [
        `InstitutionName=${SECRET}`,
        `StudyDescription=*${SECRET}*`,
        `PatientID=${number}`,
        `AccessionNumber=${accession}`,
      ])
        expect([query, await matches(`/studies?${query}`)]).toEqual([query, []]);
      expect(await matches(`/studies?PatientID=${said.nhs}&IssuerOfPatientID=NHS`)).toHaveLength(1);
      expect(await matches("/RA2/studies?PatientName=Alder*")).toEqual([]);
      expect(await matches(`/studies/${study}/series`)).toEqual([]);
      expect((await ask(`/studies/${study}/metadata`)).status).toBe(403);
      expect((await ask(`/RA2/studies/${masked}/metadata`)).status).toBe(404);
      expect((await ask(`/studies/${masked}/series/${series}/metadata`)).status).toBe(404);
      expect(await matches(`/studies/${masked}/series/${series}/instances`)).toEqual([]);
    });

    it("that wait to be looked at are said to, and aren't given", async () => {
      const [found] = await matches("/studies?PatientName=Alder*");
      const of = `/studies/${uidIn(found, "0020000D")}`;
      const [foundSeries] = await matches(`${of}/series`);
      const below = `${of}/series/${uidIn(foundSeries, "0020000E")}/instances`;
      const captures = await matches(`${below}?SOPClassUID=1.2.840.10008.5.1.4.1.1.7`);
      expect(captures).toEqual([]);
      const given = (await matches(`${of}/metadata`)).map((one) => uidIn(one, "00080018"));
      const all = (await matches(below)).map((one) => uidIn(one, "00080018"));
      const [withheld] = all.filter((uid) => !given.includes(uid));
      const { status, said } = await ask(`${below}/${withheld}`, "application/dicom");
      expect([status, said.includes("IMAGES_WITHHELD")]).toEqual([404, true]);
    });
  });

  it("say that the site is withheld, and how many images wait to be looked at for text", async () => {
    const { opened, instances } = await seenBy(outside);
    expect(opened.masked).toEqual({ withheld: 1 });
    expect(opened.series.map(({ instanceCount }) => instanceCount)).toEqual([2]);
    expect(instances).toHaveLength(2);
    const report = await Reporting.read(outside, { studyId });
    expect(report.versions[0]?.text).toContain("withheld");
  });

  it("are whole to the caring team and to who breaks the glass, by originals", async () => {
    for (const kind of ["admission", "glass"]) {
      const ctx = region.as(kind === "glass" ? "daniel.ashdown" : "priya.nair");
      await relate(ctx, kind);
      const { opened, bodies } = await seenBy(ctx);
      expect(opened).toMatchObject({ custodian: "RA2", studyInstanceUid: study });
      expect(opened.masked).toBeUndefined();
      expect(bodies.size).toBe(3);
    }
  });

  it("can be listed by no trust, and stay closed to who reads by their trust's name", async () => {
    const { rows: listed } = await Worklist.list(region.as("amara.okafor"), {
      filters: { custodian: "RA2" },
    });
    expect(listed.map((row) => row.studyId)).not.toContain(studyId);
    const own = region.ctxOf({
      kind: "person",
      id: "p-x",
      roleId: "r",
      role: "radiographer",
      organisation: "RA2",
      activities: ["acquire", "view"],
    });
    expect(await codeOf(Study.open(own, { studyId }))).toBe("sensitive");
  });

  it("are shown once the custodian's PACS manager says that nobody's text is in them", async () => {
    const [capture] = await rows<{ id: string }>(
      region,
      "SELECT i.id::text FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE i.sop_instance_uid = $1",
      `${ROOT}.5`,
    );
    const manager = region.ctxOf({
      kind: "person",
      id: "p-manager",
      roleId: "r",
      role: "pacs-manager",
      organisation: "RA2",
      activities: ["manage-archive"],
    });
    const { correctionId } = await Correction.ask(manager, {
      kind: "correct",
      studyId,
      level: "instance",
      ids: [capture?.id ?? ""],
      reason: "Looked at it",
      says: { burnedIn: "NO" },
    });
    const { opened, bodies } = await seenBy(outside);
    expect([opened.masked, bodies.size]).toEqual([{ withheld: 0 }, 3]);
    for (const bytes of bodies.values()) expect(bytes.toString("latin1")).not.toMatch(TELLING);
    await Correction.undo(manager, { correctionId, reason: "There is some after all" });
    expect((await seenBy(outside)).opened.masked).toEqual({ withheld: 1 });
  });

  it("leave copies that are made once, and swept a day after they were last asked for", async () => {
    const keys = async () => {
      const all: string[] = [];
      for await (const { key } of region.service.ports.shares.list("")) all.push(key);
      return all;
    };
    const before = await keys();
    await seenBy(outside);
    expect(await keys()).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
    expect(await Study.sweepShares(at(systemCtx(region), hoursOn(23)), {})).toMatchObject({ swept: 0 });
    expect(await Study.sweepShares(at(systemCtx(region), hoursOn(25)), {})).toMatchObject({
      swept: before.length,
    });
    expect((await seenBy(outside)).bodies.size).toBe(2);
  });

  it.each([
    ["deflated", "1.2.840.10008.1.2.1.99"],
    ["big endian", "1.2.840.10008.1.2.2"],
    ["encapsulated", "1.2.840.10008.1.2.4.70"],
  ])(
    "a share object holds the frames granted and no byte of the others (%s)",
    async (name, transferSyntaxUid) => {
      const frames = [11, 22, 33].map((grey) => Buffer.alloc(100_000, grey));
      const isEncapsulated = name === "encapsulated";
      const bytes = writePart10({
        dataset: datasetOf({
          more: {
            ...TELLS,
            "00280008": { vr: "IS", Value: [3] },
            "00280010": { vr: "US", Value: [250] },
            "00280011": { vr: "US", Value: [200] },
          },
        }),
        pixelData: isEncapsulated ? frames : Buffer.concat(frames),
        transferSyntaxUid,
      });
      const { service } = systemCtx(region);
      const objectKey = `try-${name.replace(" ", "-")}`;
      await service.ports.archive.put(objectKey, bytes, { contentType: "application/dicom" });
      const { pixelData, encoding } = await readPart10(once(bytes));
      const [, second, third] = pixelData?.frames ?? [];
      if (!second || !third) throw new Error("three frames were written");
      const header = datasetOf({ more: { "00280008": { vr: "IS", Value: [2] } } });
      const source = { objectKey, transferSyntaxUid, encoding, frames: [third, second] };
      const share = Study.layOutShare("a secret", { scope: "a link", header, source });
      await Study.writeShares(systemCtx(region), [share]);
      const response = await fetch(await Study.signShare(systemCtx(region), share));
      const written = Buffer.from(await response.arrayBuffer());
      expect(written.length).toBe(share.sizeBytes);
      expect(
        share.frames.map(({ offset, length }) => [written[offset], written[offset + length - 1], length]),
      ).toEqual([
        [33, 33, 100_000],
        [22, 22, 100_000],
      ]);
      expect(written.indexOf(Buffer.alloc(64, 11))).toBe(-1);
      expect(written.toString("latin1")).not.toMatch(TELLING);
      const another = Study.layOutShare("a secret", { scope: "another link", header, source });
      expect(another.objectKey).not.toBe(share.objectKey);
    },
  );

  it("are closed at a mark more than the S-flag", async () => {
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RA2",
      localNumber: number,
      sensitivities: ["s-flag", "vip"],
    });
    expect(await codeOf(Study.open(outside, { studyId }))).toBe("sensitive");
  });
});
