import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, mintUid } from "@weald/dicom";
import { api } from "dicomweb-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { XMLHttpRequest } from "xmlhttprequest-ssl";
import { image, rowan, sendAll } from "../../integration/sent.ts";
import { partsOf } from "./parts-of.ts";

const one = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const [study, series, other] = [mintUid(), mintUid(), mintUid()];

describe("QIDO-RS with clients that nobody here wrote", () => {
  let region: Region;
  let client: api.DICOMwebClient;
  beforeAll(async () => {
    // It speaks XMLHttpRequest, as browsers give it.
    vi.stubGlobal("XMLHttpRequest", XMLHttpRequest);
    region = await Region.create();
    const token = await region.tokenOf(region.system("RXC", ["studies.read"]));
    client = new api.DICOMwebClient({
      singlepart: false,
      verbose: false,
      url: region.dicomwebUrl,
      headers: { Authorization: `Bearer ${token}` },
    });
    const number = (value: number) => ({ "00200011": one("IS", value) });
    const unusual = rowan({ localNumber: "RXC-9", nhs: "", family: "Žižek" });
    await sendAll(
      region,
      "RXC",
      image({
        study,
        series,
        number: 1,
        modality: "CT",
        description: "Head CT",
        date: "20261101",
        more: number(1),
      }),
      image({
        study,
        series,
        number: 2,
        modality: "CT",
        description: "Head CT",
        date: "20261101",
        more: number(1),
      }),
      image({ study, series: `${series}.2`, number: 1, modality: "SR", date: "20261101", more: number(2) }),
      image({ study: other, of: unusual, modality: "MR", date: "20261103" }),
    );
  });
  afterAll(async () => {
    vi.unstubAllGlobals();
    await region.stop();
  });

  const first = (datasets: readonly unknown[], tag: string) =>
    (datasets as DicomJson[]).map((dataset) => dataset[tag]?.Value?.[0]);

  describe("dicomweb-client", () => {
    it("searches for studies", async () => {
      expect(first(await client.searchForStudies(), "0020000D")).toEqual([other, study]);
    });
    it("searches for studies with every option", async () => {
      const queryParams = {
        PatientName: "Alder*",
        StudyDate: "20261101-20261130",
        ModalitiesInStudy: "CT",
        fuzzymatching: false,
        includefield: "StudyDescription",
        limit: 10,
        offset: 0,
      };
      const found = await client.searchForStudies({ queryParams });
      expect([first(found, "0020000D"), first(found, "00081030")]).toEqual([[study], ["Head CT"]]);
    });
    it("sends names in UTF-8", async () => {
      const queryParams = { PatientName: "žižek*" };
      expect(first(await client.searchForStudies({ queryParams }), "0020000D")).toEqual([other]);
    });
    it("searches for series, everywhere and in a study", async () => {
      expect(await client.searchForSeries()).toHaveLength(3);
      const found = await client.searchForSeries({
        studyInstanceUID: study,
        queryParams: { Modality: "CT" },
      });
      expect(first(found, "0020000E")).toEqual([series]);
    });
    it("searches for instances, everywhere, in a study and in a series", async () => {
      expect(await client.searchForInstances()).toHaveLength(4);
      expect(await client.searchForInstances({ studyInstanceUID: study })).toHaveLength(3);
      const found = await client.searchForInstances({
        studyInstanceUID: study,
        seriesInstanceUID: series,
        queryParams: { InstanceNumber: 2 },
      });
      expect(first(found, "00200013")).toEqual([2]);
    });
    it("finds nothing as an empty list, and hears of a refusal", async () => {
      expect(await client.searchForStudies({ queryParams: { PatientID: "none" } })).toEqual([]);
      await expect(client.searchForStudies({ queryParams: { Nonsense: "1" } })).rejects.toMatchObject({
        status: 400,
      });
    });
  });

  /** As OHIF's DICOMweb data source asks (extensions/default/src/DicomWebDataSource/qido.js). */
  describe("OHIF's sequence", () => {
    const STUDY_FIELDS = "00081030,00080060";
    const SERIES_FIELDS = "0008103E,00080021";
    it("the list: patients by wildcard, a range of dates, modalities, its page", async () => {
      const queryParams = {
        limit: 101,
        offset: 0,
        fuzzymatching: false,
        includefield: STUDY_FIELDS,
        PatientName: "*alder*",
        "00100020": "*RXC*",
        AccessionNumber: "",
        StudyDescription: "*head*".toUpperCase().replace("HEAD", "Head"),
        ModalitiesInStudy: "CT\\MR",
        StudyDate: "20261001-20261130",
      };
      const found = await client.searchForStudies({ queryParams });
      expect(found).toMatchObject([
        {
          "00080061": { Value: ["CT", "SR"] },
          "00081030": { Value: ["Head CT"] },
          "00100010": { Value: [{ Alphabetic: "Alder^Rowan" }] },
          "0020000D": { Value: [study] },
          "00201208": { Value: [3] },
        },
      ]);
    });
    it("a study by its UID, then its series", async () => {
      const queryParams = { StudyInstanceUID: study, includefield: STUDY_FIELDS };
      expect(await client.searchForStudies({ queryParams })).toHaveLength(1);
      const found = await client.searchForSeries({
        studyInstanceUID: study,
        queryParams: { includefield: SERIES_FIELDS },
      });
      expect([first(found, "00200011"), first(found, "00080060"), first(found, "00201209")]).toEqual([
        [1, 2],
        ["CT", "SR"],
        [2, 1],
      ]);
    });
    it("a series' metadata, its picture in the side bar, then its frames, each by what was told before", async () => {
      const headers = {
        authorization: `Bearer ${await region.tokenOf(region.system("RXC", ["studies.read"]))}`,
      };
      const answer = await fetch(`${region.dicomwebUrl}/studies/${study}/series/${series}/metadata`, {
        headers: { ...headers, accept: "application/dicom+json" },
      });
      const metadata = (await answer.json()) as DicomJson[];
      expect(first(metadata, "00200013").toSorted()).toEqual([1, 2]);
      for (const header of metadata) {
        const instance = `${region.dicomwebUrl}/studies/${study}/series/${header["0020000E"]?.Value?.[0]}/instances/${header["00080018"]?.Value?.[0]}`;
        const thumbnail = await fetch(`${instance}/rendered?viewport=64,64`, {
          headers: { ...headers, accept: "image/jpeg" },
        });
        expect([thumbnail.status, thumbnail.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
        const frames = await fetch(`${instance}/frames/1`, {
          headers: {
            ...headers,
            accept: "multipart/related; type=application/octet-stream; transfer-syntax=*",
          },
        });
        expect((await partsOf(frames)).map(({ body }) => body)).toEqual([Buffer.alloc(32, 7)]);
      }
    });
    it("priors of the same patient by number, everything included", async () => {
      const queryParams = { PatientID: "RXC-9", includefield: "all" };
      const found = await client.searchForStudies({ queryParams });
      expect(first(found, "0020000D")).toEqual([other]);
    });
  });

  it("a person's token finds what their own list holds", async () => {
    const token = await region.tokenOf(region.as("amara.okafor@RXC"));
    const person = new api.DICOMwebClient({
      singlepart: false,
      verbose: false,
      url: region.dicomwebUrl,
      headers: { Authorization: `Bearer ${token}` },
    });
    const found = first(await person.searchForStudies(), "0020000D");
    const { matches } = await Study.findStudies(region.as("amara.okafor@RXC"), {});
    expect(found).toEqual(first(matches, "0020000D"));
    expect(found).toHaveLength(2);
  });
});
