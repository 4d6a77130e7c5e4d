import { Region } from "@weald/dev-env/region";
import { type DicomJson, mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { image, rowan, type Shot, sendAll } from "../../integration/sent.ts";

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
});
