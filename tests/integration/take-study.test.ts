import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Takeout from "@weald/core/takeout";
import { Region } from "@weald/dev-env/region";
import { DEFLATED, mintUid, readHeader, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dicomZip } from "../../apps/web/src/viewer/annotations/zip/dicom-zip.ts";
import { entriesIn } from "../read-zip.ts";
import {
  bytesOf,
  codeOf,
  datasetOf,
  dicom,
  image,
  rowan,
  rows,
  sendAll,
  studyIdOf,
  systemCtx,
} from "./sent.ts";

const text = (vr: string, ...Value: string[]) => ({ vr, Value });
type Asked = Omit<Parameters<typeof Takeout.signFiles>[1], "studyId">;

describe("a study taken out as files", () => {
  let region: Region;
  let [rohan, ines, radiographer]: Ctx[] = [];
  const who = () => ({
    rohan: rohan as Ctx,
    ines: ines as Ctx,
    radiographer: radiographer as Ctx,
  });
  const [study, images, deflated, document] = [mintUid(), mintUid(), mintUid(), mintUid()];
  const shot = { study, of: rowan(), description: "Chest" };
  let studyId = "";
  beforeAll(async () => {
    region = await Region.create();
    [rohan, ines, radiographer] = ["rohan.patel", "ines.marlow", "grace.fielding"].map((id) => region.as(id));
    const {
      "00280002": _a,
      "00280004": _b,
      "00280010": _c,
      "00280011": _d,
      "00280100": _e,
      "00280101": _f,
      "00280102": _g,
      "00280103": _h,
      ...noImage
    } = datasetOf({ ...shot, series: document, modality: "SR" });
    await sendAll(
      region,
      "RXC",
      ...[1, 2, 3].map((number) => image({ ...shot, series: images, number, grey: number })),
      dicom(
        writePart10({
          dataset: datasetOf({ ...shot, series: deflated }),
          pixelData: new Uint8Array(32).fill(9),
          transferSyntaxUid: DEFLATED,
        }),
      ),
      dicom(
        writePart10({
          dataset: { ...noImage, "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.88.33") },
          transferSyntaxUid: "1.2.840.10008.1.2.1",
        }),
      ),
    );
    studyId = await studyIdOf(region, study);
  }, 60_000);
  afterAll(() => region.stop());

  async function zipOf(ctx: Ctx, of: { studyId: string; seriesInstanceUid?: string }) {
    const taken = await Takeout.takeStudy(ctx, of);
    const source = {
      filesToTake: (asked: Asked) => Takeout.signFiles(ctx, { studyId: of.studyId, ...asked }),
    };
    const zip = dicomZip({
      ...{ source, of, taken, isDemonstration: true, series: [], onProgress: () => undefined },
      signal: new AbortController().signal,
    });
    return entriesIn(Buffer.from(await new Response(zip).arrayBuffer()));
  }
  const filesIn = (zip: Map<string, Buffer>) =>
    [...zip].filter(([name]) => name.startsWith("DICOM/")).map(([, bytes]) => bytes);
  const headOf = async (bytes: Buffer) =>
    (
      await readHeader(
        (async function* () {
          yield bytes;
        })(),
      )
    ).dataset;
  const servedByDicomweb = async (series: string, sop: string) => {
    const address = `${region.dicomwebUrl}/studies/${study}/series/${series}/instances/${sop}`;
    const answer = await fetch(address, {
      headers: {
        authorization: `Bearer ${await region.tokenOf(who().rohan)}`,
        accept: "application/dicom; transfer-syntax=*",
      },
    });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const correct = () =>
    rows(
      region,
      `INSERT INTO overlay (id, custodian, level, target_id, study_id, version, attributes, reason, written_by, written_at)
       VALUES (uuidv7(), 'RXC', 'study', $1::uuid, $1::uuid, 1, $2::jsonb, 'typed at the wrong desk', 'p-pacs', '2026-11-02T09:30:00Z') RETURNING id::text`,
      studyId,
      JSON.stringify({ "00081030": text("LO", "Knee") }),
    );

  it("comes byte for byte as it was sent where nothing was corrected, with its directory", async () => {
    const zip = await zipOf(who().rohan, { studyId });
    expect(filesIn(zip)).toHaveLength(5);
    expect([...zip.keys()].slice(-2)).toEqual(["DICOMDIR", "README.TXT"]);
    for (const bytes of filesIn(zip)) {
      const header = await headOf(bytes);
      const [series, sop] = [header["0020000E"]?.Value?.[0], header["00080018"]?.Value?.[0]].map(String);
      expect(bytes).toEqual(await servedByDicomweb(series ?? "", sop ?? ""));
      expect(String(zip.get("DICOMDIR"))).toContain(sop);
    }
  });

  it("a rejected image is not in it, and what was corrected comes corrected, as DICOMweb serves it", async () => {
    const { series } = await Study.open(who().rohan, { studyId });
    const seriesId = series.find(({ seriesInstanceUid }) => seriesInstanceUid === images)?.seriesId ?? "";
    const { instances } = await Study.readSeries(who().rohan, { seriesId });
    const rejected = instances[1];
    await Correction.ask(who().radiographer, {
      ...{ kind: "reject", studyId, level: "instance", ids: [rejected?.instanceId ?? ""] },
      ...{ code: "113001", reason: "the patient moved" },
    });
    await region.drain();
    await correct();
    const zip = await zipOf(who().rohan, { studyId });
    const sops: string[] = [];
    for (const bytes of filesIn(zip)) {
      const header = await headOf(bytes);
      const [of, sop] = [header["0020000E"]?.Value?.[0], header["00080018"]?.Value?.[0]].map(String);
      sops.push(sop ?? "");
      expect(header["00081030"]?.Value).toEqual(["Knee"]);
      expect(header["04000561"]?.Value).toHaveLength(1);
      expect(bytes).toEqual(await servedByDicomweb(of ?? "", sop ?? ""));
    }
    expect(sops).not.toContain(rejected?.sopInstanceUid);
    expect(sops.length).toBeGreaterThanOrEqual(4);
    expect(String(zip.get("DICOMDIR"))).toContain("Knee");
    expect(String(zip.get("README.TXT"))).toContain(`In ${sops.length} of them something was corrected`);
  });

  it("one series of it comes alone", async () => {
    const zip = await zipOf(who().rohan, { studyId, seriesInstanceUid: images });
    expect(filesIn(zip)).toHaveLength(2);
    expect(await codeOf(Takeout.takeStudy(who().rohan, { studyId, seriesInstanceUid: mintUid() }))).toBe(
      "NOTHING_SERVED",
    );
  });

  it("each taking is on record as taken out, once, with how many; and its pages are no taking", async () => {
    const told = await rows<{ action: string; verb: string; detail: { level: string; objects: number } }>(
      region,
      "SELECT action, verb, detail FROM audit_event WHERE study_id = $1::uuid AND action LIKE 'takeout.%' AND outcome = 'success' ORDER BY at, id",
      studyId,
    );
    expect(told.filter(({ verb }) => verb === "taken-out")).toMatchObject([
      { action: "takeout.take-study", detail: { level: "study", objects: 5 } },
      { action: "takeout.take-study", detail: { level: "study" } },
      { action: "takeout.take-study", detail: { level: "series", objects: 2 } },
    ]);
    expect(told.filter(({ action }) => action === "takeout.sign-files")).toMatchObject([
      { verb: "fetched-ahead" },
    ]);
  });

  it("pages follow each other; a correction between two ends them", async () => {
    const [many, lone] = [mintUid(), mintUid()];
    await sendAll(
      region,
      "RXC",
      ...Array.from({ length: 53 }, (_, at) => image({ study: many, series: lone, number: at + 1 })),
    );
    const id = await studyIdOf(region, many);
    expect(filesIn(await zipOf(who().rohan, { studyId: id }))).toHaveLength(53);
    const { servedVersion } = await Takeout.takeStudy(who().rohan, { studyId: id });
    expect(
      await codeOf(Takeout.signFiles(who().rohan, { studyId: id, servedVersion: servedVersion + 1 })),
    ).toBe("STUDY_CORRECTED");
  });

  it("is refused to whom a picture is refused: without a relationship, a system, and where the site is masked", async () => {
    expect(await codeOf(Takeout.takeStudy(who().ines, { studyId }))).toBe("no-relationship");
    expect(await codeOf(Takeout.signFiles(who().ines, { studyId }))).toBe("no-relationship");
    expect(await codeOf(Takeout.takeStudy(region.system("RXC"), { studyId }))).toBe("not-for-this-role");
    const flagged = mintUid();
    const of = rowan({ localNumber: "RXC-FLAG-7", nhs: "" });
    await sendAll(region, "RXC", dicom(bytesOf({ study: flagged, of })));
    await Patient.markSensitive(systemCtx(region), {
      ...{ custodian: "RXC", localNumber: of.localNumber, sensitivities: ["s-flag"] },
    });
    const id = await studyIdOf(region, flagged);
    expect(await Study.open(who().rohan, { studyId: id })).toBeDefined();
    expect(await codeOf(Takeout.takeStudy(who().rohan, { studyId: id }))).toBe("sensitive");
    expect(await codeOf(Takeout.signFiles(who().rohan, { studyId: id }))).toBe("sensitive");
  });
});
