import * as Patient from "@weald/core/patient";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, type DicomJsonAttribute, mintUid, SERIES_TAGS, STUDY_TAGS } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { image, rowan, rows, type Shot, sendAll } from "../../integration/sent.ts";

const one = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const [knee, chest, head, other] = [mintUid(), mintUid(), mintUid(), mintUid()];
const [kneeAp, kneeLat] = [mintUid(), mintUid()];
const juniper = rowan({
  localNumber: "RXC-2002",
  nhs: "9990000026",
  family: "Müller-Lüdenscheid",
  given: "Juniper Ann",
});

describe("QIDO-RS", () => {
  let region: Region;
  let token: string;
  const get = (path: string, headers: Record<string, string> = {}, bearer = token) =>
    fetch(`${region.dicomwebUrl}${path}`, { headers: { authorization: `Bearer ${bearer}`, ...headers } });
  const found = async (path: string): Promise<DicomJson[]> => {
    const answer = await get(path);
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as DicomJson[];
  };
  const items = (attribute: DicomJsonAttribute | undefined) => attribute?.Value ?? [];
  const idsOf = async (study: string, series = "%") => {
    const [ids] = await rows<{ studyId: string; seriesId: string; instanceId: string }>(
      region,
      `SELECT s.id::text AS "studyId", e.id::text AS "seriesId", i.id::text AS "instanceId" FROM study s JOIN series e ON e.study_id = s.id CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE s.study_instance_uid = $1 AND e.series_instance_uid LIKE $2 LIMIT 1`,
      study,
      series,
    );
    if (!ids) throw new Error("nothing of that study");
    return ids;
  };
  const names: Record<string, string> = {
    [knee]: "knee",
    [chest]: "chest",
    [head]: "head",
    [other]: "other",
  };
  const studies = async (path: string) =>
    (await found(path)).map((dataset) => names[String(dataset["0020000D"]?.Value?.[0])] ?? "?");

  beforeAll(async () => {
    region = await Region.create();
    token = await region.tokenOf(region.system("RXC", ["studies.read"]));
    const scheduled = {
      "00400275": { vr: "SQ", Value: [{ "00400009": one("SH", "SPS-7"), "00401001": one("SH", "RP-9") }] },
    };
    const kneeShot = (more: Shot): Shot => ({
      study: knee,
      series: kneeAp,
      date: "20261101",
      time: "093000",
      accession: "W100",
      description: "Knee AP 100%",
      ...more,
      more: { "00200010": one("SH", "S1"), "00200011": one("IS", 1), ...scheduled, ...more.more },
    });
    await sendAll(
      region,
      "RXC",
      image(kneeShot({ number: 1 })),
      image(kneeShot({ number: 2 })),
      image(kneeShot({ series: kneeLat, number: 1, more: { "00200011": one("IS", 2) } })),
      image({
        study: chest,
        of: juniper,
        date: "20261102",
        time: "2300",
        modality: "CT",
        accession: "W200",
        description: "Chest",
      }),
      image({
        study: head,
        of: juniper,
        date: "20261103",
        time: "010000",
        modality: "MR",
        description: "Head",
      }),
    );
    await sendAll(
      region,
      "RA2",
      image({ study: other, of: rowan({ localNumber: "RA2-1" }), date: "20261104" }),
    );
  });
  afterAll(() => region.stop());

  it.each([
    ["everything of its own trust, newest first", "/studies", "head chest knee"],
    ["one study", `/studies?StudyInstanceUID=${knee}`, "knee"],
    ["a list of UIDs, by comma", `/studies?StudyInstanceUID=${knee},${head}`, "head knee"],
    ["a list of UIDs, by backslash", `/studies?0020000D=${knee}%5C${head}`, "head knee"],
    ["a UID stated twice", `/studies?0020000d=${knee}&StudyInstanceUID=${head}`, "head knee"],
    ["a patient's number", "/studies?PatientID=RXC-1001", "knee"],
    ["a patient's number by tag", "/studies?00100020=RXC-2002", "head chest"],
    ["a date", "/studies?StudyDate=20261102", "chest"],
    ["a range of dates", "/studies?StudyDate=20261101-20261102", "chest knee"],
    ["from a date on", "/studies?StudyDate=20261102-", "head chest"],
    ["up to a date", "/studies?StudyDate=-20261101", "knee"],
    ["a time cut from the right", "/studies?StudyTime=09", "knee"],
    ["a range of times", "/studies?StudyTime=0900-1000", "knee"],
    ["date and time as one range", "/studies?StudyDate=20261102-20261103&StudyTime=2200-0200", "head chest"],
    ["date and time as one range, too late", "/studies?StudyDate=20261102-20261103&StudyTime=2301-0059", ""],
    ["an accession number", "/studies?AccessionNumber=W200", "chest"],
    ["an accession number by wildcard", "/studies?AccessionNumber=W?00", "chest knee"],
    ["a wildcard in the middle", "/studies?StudyDescription=K*AP*", "knee"],
    [
      "signs that mean something to the database are letters",
      "/studies?StudyDescription=Knee%20AP%20100%25",
      "knee",
    ],
    ["and no wildcards", "/studies?StudyDescription=%25ee*", ""],
    ["letter by letter, case included", "/studies?StudyDescription=chest", ""],
    ["a name whatever its case", "/studies?PatientName=alder%5Erowan", "knee"],
    ["the beginning of a name", "/studies?PatientName=m%C3%BCll*", "head chest"],
    ["a name by wildcards", "/studies?PatientName=*uni?er*", "head chest"],
    ["a name without its accents is another", "/studies?PatientName=muller*", ""],
    ["unless it may be fuzzy", "/studies?PatientName=muller%20ludenscheid&fuzzymatching=true", ""],
    [
      "fuzzy: accents, hyphens and order apart",
      "/studies?PatientName=juniper%5EMullerludenscheid&fuzzymatching=true",
      "head chest",
    ],
    ["fuzzy: a begun word", "/studies?PatientName=mull*%20ann&fuzzymatching=true", "head chest"],
    ["modalities in the study", "/studies?ModalitiesInStudy=CT", "chest"],
    ["any of several modalities", "/studies?ModalitiesInStudy=CT,MR", "head chest"],
    ["any of several, by backslash", "/studies?ModalitiesInStudy=CT%5CDX", "chest knee"],
    ["modalities by wildcard", "/studies?ModalitiesInStudy=?R", "head"],
    ["a study id", "/studies?StudyID=S1", "knee"],
    ["an NHS number, by its issuer", "/studies?PatientID=9990000026&IssuerOfPatientID=NHS", "head chest"],
    ["an NHS number as another number", "/studies?OtherPatientIDsSequence.PatientID=9990000018", "knee"],
    ["a local number with its trust", "/studies?PatientID=RXC-1001&IssuerOfPatientID=RXC", "knee"],
    ["a local number of another trust", "/studies?PatientID=RXC-1001&IssuerOfPatientID=RA2", ""],
    ["several keys together", "/studies?PatientID=RXC-2002&ModalitiesInStudy=MR", "head"],
    ["universal matching", "/studies?PatientName=*&StudyDescription=", "head chest knee"],
    ["a page", "/studies?limit=1&offset=1", "chest"],
    ["nothing", "/studies?PatientID=RXC", ""],
  ])("studies by %s", async (_says, path, expected) =>
    expect((await studies(path)).join(" ")).toBe(expected),
  );

  it.each([
    ["all", "/series", 4],
    ["of a study", `/studies/${knee}/series`, 2],
    ["by UID", `/series?SeriesInstanceUID=${kneeLat}`, 1],
    ["by modality", "/series?Modality=DX", 2],
    ["by number", `/studies/${knee}/series?SeriesNumber=2`, 1],
    ["by an item of a sequence", "/series?RequestAttributesSequence.ScheduledProcedureStepID=SPS-7", 2],
    ["by an item of a sequence, in tags", "/series?00400275.00401001=RP-9", 2],
    ["by a key of the study", "/series?PatientID=RXC-1001&StudyDate=20261101", 2],
  ])("series %s", async (_says, path, count) => expect(await found(path)).toHaveLength(count));

  it.each([
    ["all", "/instances", 5],
    ["of a study", `/studies/${knee}/instances`, 3],
    ["of a series", `/studies/${knee}/series/${kneeAp}/instances`, 2],
    ["by number", `/studies/${knee}/instances?InstanceNumber=2`, 1],
    ["by class", "/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.1.1", 5],
    ["by any attribute", "/instances?Rows=4&Modality=CT", 1],
    ["by any attribute, none", "/instances?Rows=5", 0],
  ])("instances %s", async (_says, path, count) => expect(await found(path)).toHaveLength(count));

  const tagsOf = (dataset: DicomJson | undefined) => Object.keys(dataset ?? {});
  const firstOf = (dataset: DicomJson | undefined, tag: string) => dataset?.[tag]?.Value?.[0];

  it("a study says what the standard requires, in the order of its tags, as UTF-8", async () => {
    const answer = await get(`/studies?StudyInstanceUID=${chest}`);
    expect(answer.headers.get("content-type")).toBe("application/dicom+json");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const [study] = (await answer.json()) as DicomJson[];
    expect(study).toMatchObject({
      "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
      "00080020": { vr: "DA", Value: ["20261102"] },
      "00080030": { vr: "TM", Value: ["2300"] },
      "00080050": { vr: "SH", Value: ["W200"] },
      "00080056": { vr: "CS", Value: ["ONLINE"] },
      "00080061": { vr: "CS", Value: ["CT"] },
      "00081190": { vr: "UR", Value: [`${region.dicomwebUrl}/RXC/studies/${chest}`] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Müller-Lüdenscheid^Juniper Ann" }] },
      "00100020": { vr: "LO", Value: ["RXC-2002"] },
      "00100021": { vr: "LO", Value: ["RXC"] },
      "00100030": { vr: "DA", Value: ["19610403"] },
      "00100040": { vr: "CS", Value: ["F"] },
      "0020000D": { vr: "UI", Value: [chest] },
      "00201206": { vr: "IS", Value: [1] },
      "00201208": { vr: "IS", Value: [1] },
    });
    expect(items(study?.["00101002"])).toEqual([
      { "00100020": one("LO", "9990000026"), "00100021": one("LO", "NHS"), "00100022": one("CS", "TEXT") },
    ]);
    expect(tagsOf(study)).toEqual([...tagsOf(study)].sort());
    expect(tagsOf(study)).not.toContain("00080060");
  });

  it("a series of a named study says what is a series', and its study only where it is asked for", async () => {
    const [series] = await found(`/studies/${knee}/series?SeriesNumber=2`);
    expect(series).toMatchObject({
      "00080060": one("CS", "DX"),
      "00081190": one("UR", `${region.dicomwebUrl}/RXC/studies/${knee}/series/${kneeLat}`),
      "0020000D": one("UI", knee),
      "0020000E": one("UI", kneeLat),
      "00200011": one("IS", 2),
      "00201209": one("IS", 1),
      "00400275": { vr: "SQ", Value: [{ "00400009": one("SH", "SPS-7"), "00401001": one("SH", "RP-9") }] },
    });
    expect(tagsOf(series)).not.toContain("00100010");
    const [asked] = await found(`/studies/${knee}/series?SeriesNumber=2&includefield=PatientName,00080020`);
    expect(firstOf(asked, "00100010")).toEqual({ Alphabetic: "Alder^Rowan" });
    expect(firstOf(asked, "00080020")).toBe("20261101");
    const [relational] = await found(`/series?SeriesInstanceUID=${kneeLat}`);
    expect(firstOf(relational, "00100020")).toBe("RXC-1001");
    expect(firstOf(relational, "00201208")).toBe(3);
  });

  it("an instance says what is an instance's, with all there is where it is asked for", async () => {
    const path = `/studies/${knee}/series/${kneeLat}/instances`;
    const [instance] = await found(path);
    expect(instance).toMatchObject({
      "00080016": one("UI", "1.2.840.10008.5.1.4.1.1.1.1"),
      "00200013": one("IS", 1),
      "00280010": one("US", 4),
      "00280011": one("US", 4),
      "00280100": one("US", 16),
    });
    expect(firstOf(instance, "00081190")).toBe(
      `${region.dicomwebUrl}/RXC/studies/${knee}/series/${kneeLat}/instances/${firstOf(instance, "00080018")}`,
    );
    expect(tagsOf(instance)).not.toContain("00280101");
    const [all] = await found(`${path}?includefield=all`);
    expect(tagsOf(all)).toEqual(expect.arrayContaining(["00080020", "00100010", "00280101", "00280103"]));
    expect(tagsOf(all)).not.toContain("7FE00010");
  });

  it("what is below a level is not returned at it", async () => {
    const [study] = await found(
      `/studies?StudyInstanceUID=${knee}&includefield=Modality,Rows,StudyDescription`,
    );
    expect(tagsOf(study)).toContain("00081030");
    expect(tagsOf(study)).not.toContain("00080060");
    expect(tagsOf(study)).not.toContain("00280010");
  });

  it("pages put together are the whole, in the same order; a cut one says so", async () => {
    const whole = await studies("/studies");
    const pages = [];
    for (const offset of [0, 1, 2]) pages.push(...(await studies(`/studies?limit=1&offset=${offset}`)));
    expect(pages).toEqual(whole);
    const [first, last, beyond] = [
      await get("/studies?limit=2"),
      await get("/studies?limit=2&offset=1"),
      await get("/studies?offset=3"),
    ];
    expect(first?.headers.get("warning")).toMatch(/^299 \S+ "The number of results exceeded the maximum/);
    expect(last?.headers.get("warning")).toBeNull();
    expect([beyond?.status, await beyond?.json()]).toEqual([200, []]);
  });

  it.each([
    ["an unknown parameter", "/studies?Nonsense=1", "QUERY_PARAMETER_UNKNOWN", "Nonsense"],
    ["an offset beyond 10,000, with what to do", "/studies?offset=10001", "QUERY_OFFSET_TOO_LARGE", "Narrow"],
    ["a series' key of studies", "/studies?Modality=CT", "QUERY_LEVEL", "Modality"],
    ["no date", "/studies?StudyDate=soon", "QUERY_VALUE_INVALID", "StudyDate"],
  ])("400 names %s", async (_says, path, code, named) => {
    const answer = await get(path);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ code, message: expect.stringContaining(named) });
  });

  it("what was corrected is found by its new value, served by it, and not found by the old one", async () => {
    const { studyId } = await idsOf(head);
    const correct = (level: string, targetId: string, attributes: DicomJson, version = 1) =>
      rows(
        region,
        `INSERT INTO overlay (id, custodian, level, target_id, study_id, version, attributes, reason, written_by, written_at)
         VALUES (uuidv7(), 'RXC', $1, $2::uuid, $3::uuid, $4, $5::jsonb, 'typed wrong', 'p-pacs', now()) RETURNING id::text`,
        level,
        targetId,
        studyId,
        version,
        JSON.stringify(attributes),
      );
    await correct("study", studyId, {
      "00080020": one("DA", "20261030"),
      "00081030": one("LO", "Orbits"),
      "00080050": one("SH", "W300"),
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Ruiz^Alba" }] },
      "00100020": one("LO", "RXC-3003"),
    });
    for (const key of [
      "StudyDate=20261030",
      "StudyDescription=Orbits",
      "AccessionNumber=W300",
      "PatientName=ruiz*",
      "PatientID=RXC-3003",
    ])
      expect([key, ...(await studies(`/studies?${key}`))]).toEqual([key, "head"]);
    for (const key of [
      "StudyDate=20261103",
      "StudyDescription=Head",
      "PatientName=M%C3%BCller-L%C3%BCdenscheid%5EJuniper%20Ann&ModalitiesInStudy=MR",
    ])
      expect([key, ...(await studies(`/studies?${key}`))]).toEqual([key]);
    const [study] = await found("/studies?PatientID=RXC-3003");
    expect([firstOf(study, "00080020"), firstOf(study, "00100010")]).toEqual([
      "20261030",
      { Alphabetic: "Ruiz^Alba" },
    ]);
    const [series] = await found(`/studies/${head}/series?includefield=PatientID`);
    expect(firstOf(series, "00100020")).toBe("RXC-3003");
    const { seriesId, instanceId } = await idsOf(head);
    await correct("series", seriesId, { "0008103E": one("LO", "T1 orbits") });
    await correct("instance", instanceId, { "00200013": one("IS", 9), "00080008": one("CS", "DERIVED") });
    expect(await found(`/studies/${head}/series?SeriesDescription=T1*`)).toHaveLength(1);
    const [instance] = await found(`/studies/${head}/instances?ImageType=DERIVED`);
    expect(firstOf(instance, "00200013")).toBe(9);
    await correct("study", studyId, {}, 2);
    expect(await studies("/studies?PatientID=RXC-2002&StudyDate=20261103&StudyDescription=Head")).toEqual([
      "head",
    ]);
  });

  it("what was rejected is found nowhere, and counted nowhere", async () => {
    const { seriesId } = await idsOf(knee, kneeLat);
    await rows(
      region,
      "UPDATE series SET rejected_at = now() WHERE id = $1::uuid RETURNING id::text",
      seriesId,
    );
    expect(await found(`/studies/${knee}/series`)).toHaveLength(1);
    expect(await found(`/studies/${knee}/instances`)).toHaveLength(2);
    const [study] = await found(`/studies?StudyInstanceUID=${knee}`);
    expect([firstOf(study, "00201206"), firstOf(study, "00201208")]).toEqual([1, 2]);
    await rows(
      region,
      "UPDATE study SET rejected_at = now() WHERE study_instance_uid = $1 RETURNING id::text",
      knee,
    );
    expect(await studies("/studies")).not.toContain("knee");
    expect(await found(`/studies/${knee}/series`)).toEqual([]);
    expect(await found(`/studies/${knee}/instances`)).toEqual([]);
  });

  it("the region's view shows of several copies the one with most instances, and warns where their sets differ", async () => {
    const [study, series, shared] = [mintUid(), mintUid(), mintUid()];
    const of = (localNumber: string) => rowan({ localNumber, nhs: "9990000034" });
    const copy = (localNumber: string, sop: string, number: number) =>
      image({ study, series, sop, number, of: of(localNumber), date: "20260101" });
    await sendAll(region, "RXC", copy("RXC-77", shared, 1));
    await sendAll(region, "RA2", copy("RA2-77", shared, 1), copy("RA2-77", mintUid(), 2));
    const regional = await region.tokenOf(region.system("RXC", ["studies.read", "studies.read.region"]));
    const at = async (path: string) => {
      const answer = await get(path, {}, regional);
      const datasets = (await answer.json()) as DicomJson[];
      return {
        paths: datasets.map((dataset) =>
          String(firstOf(dataset, "00081190")).replace(region.dicomwebUrl, ""),
        ),
        warning: answer.headers.get("warning"),
      };
    };
    const key = `StudyInstanceUID=${study}`;
    expect(await at(`/studies?${key}`)).toEqual({
      paths: [`/RA2/studies/${study}`],
      warning: expect.stringMatching(/^299 \S+ "Another trust holds one of these studies/),
    });
    expect(await at(`/RXC/studies?${key}`)).toEqual({ paths: [`/RXC/studies/${study}`], warning: null });
    expect(await at(`/RA2/studies?${key}`)).toEqual({ paths: [`/RA2/studies/${study}`], warning: null });
    expect((await at(`/studies/${study}/instances`)).paths).toHaveLength(2);
    expect((await at(`/RXC/studies/${study}/instances`)).paths).toHaveLength(1);
    // By the number of the trust that holds less: found there.
    expect((await at("/studies?PatientID=RXC-77")).paths).toEqual([`/RXC/studies/${study}`]);
    // Who may not know of the other copy hears nothing of it.
    const own = await get(`/studies?${key}`);
    expect([own.headers.get("warning"), (await own.json()).length]).toEqual([null, 1]);
  });

  it("the index keeps of a study and a series what the levels say is theirs, and spells names as joining does", async () => {
    const [lists] = await rows<{ study: string[]; series: string[] }>(
      region,
      "SELECT weald.study_tags() AS study, weald.series_tags() AS series",
    );
    expect(lists).toEqual({ study: STUDY_TAGS, series: SERIES_TAGS });
    for (const name of [
      "Müller-Lüdenscheid",
      "O'Brien",
      "Łukasz Øst",
      "Straße",
      "ǽther",
      "Åsa",
      "ıldız",
      "Nguyễn",
      "山田",
    ]) {
      const [row] = await rows<{ key: string }>(region, "SELECT weald.name_key($1) AS key", name);
      expect([name, row?.key]).toEqual([name, Patient.nameKey(name)]);
    }
  });

  it("the audit tells of a search its level, its keys and its count, from where it came, and no value", async () => {
    await found("/studies?PatientID=RXC-4711&StudyDate=20261101-");
    const [event] = await rows<Record<string, unknown>>(
      region,
      "SELECT verb, detail, door, patient_id, from_address FROM audit_event WHERE action = 'study.find-studies' ORDER BY at DESC LIMIT 1",
    );
    expect(event).toEqual({
      verb: "listed",
      door: "dicomweb",
      patient_id: null,
      from_address: "127.0.0.1",
      detail: { level: "study", keys: "PatientID,StudyDate", rows: 0 },
    });
  });
});
