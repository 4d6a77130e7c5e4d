import { Readable } from "node:stream";
import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import type { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, readHeader, text, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, datasetOf, dicom, rows, sendAll, studyIdOf } from "../sent.ts";
import { opened, openRegion, somebody } from "./patient.ts";

const FRAMES = 4;
const FRAME_BYTES = 32;
/** Each frame is of one grey of its own: 11, 22, 33, 44. */
const greys = [1, 2, 3, 4].map((one) => one * 11);

const one = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });

describe("a link to chosen images", () => {
  let region: Region;
  let staff: Ctx;
  let studyId: string;
  let patientId: string;
  let uids: string[];
  let images: { id: string; seriesId: string; number: number }[];

  beforeAll(async () => {
    ({ region, staff } = await openRegion());
    const of = somebody();
    const [study, series] = [mintUid(), mintUid()];
    const ofMany = {
      "00080016": one("UI", "1.2.840.10008.5.1.4.1.1.7.2"),
      "00280008": one("IS", String(FRAMES)),
      "00080080": one("LO", "The Secret Site"),
      "00081010": one("SH", "STATION-9"),
    };
    const many = writePart10({
      dataset: datasetOf({ study, series, of, number: 1, counted: 2, more: ofMany }),
      pixelData: Uint8Array.from(greys.flatMap((grey) => Array<number>(FRAME_BYTES).fill(grey))),
      transferSyntaxUid: EXPLICIT_LITTLE,
    });
    const other = writePart10({
      dataset: datasetOf({ study, series, of, number: 2, counted: 2 }),
      pixelData: new Uint8Array(FRAME_BYTES).fill(99),
      transferSyntaxUid: EXPLICIT_LITTLE,
    });
    await sendAll(region, "RXC", dicom(many), dicom(other));
    await region.cloud.tick("SettleSeries");
    await region.cloud.tick("DrawPictures");
    studyId = await studyIdOf(region, study);
    uids = [study, series];
    images = await rows(
      region,
      'SELECT i.id::text, e.id::text AS "seriesId", i.instance_number AS number FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = $1::uuid ORDER BY 3',
      studyId,
    );
    const [found] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      studyId,
    );
    patientId = found?.id ?? "";
  });
  afterAll(() => region.stop());

  it("holds in every object behind every address exactly the frames chosen: no other pixel, no UID, no site", async () => {
    const [first, second] = images;
    if (!first || !second) throw new Error("no images");
    const shows = { kind: "images" as const, images: [{ instanceId: first.id, frames: [2, 4] }] };
    const sent = { studyId, patientId, study: "" };
    const { patient } = await opened(region, staff, sent, {
      scopes: [{ studyId, shows }],
      mayDownload: true,
    });
    const page = await Consent.seeSeries(patient, { seriesId: first.seriesId });
    expect(page.instances).toMatchObject([{ instanceId: first.id, numberOfFrames: 2 }]);
    const instanceIds = images.map(({ id }) => id);
    const signed = await Consent.signImages(patient, { studyId, instanceIds });
    expect(signed.objects[1]).toEqual({ instanceId: second.id, gone: true });
    const files = await Consent.signFiles(patient, { studyId, instanceIds });
    expect(files.files[1]).toEqual({ instanceId: second.id, gone: true });
    // The small picture is of the third frame, or of the other image: of neither is anything shown.
    const small = await Consent.signMinePictures(patient, { studyId, seriesIds: [first.seriesId] });
    expect(small.pictures).toEqual([]);
    const urls = [...signed.objects, ...files.files].flatMap((object) =>
      "url" in object ? [object.url] : [],
    );
    expect(urls).toHaveLength(2);
    for (const url of urls) {
      const whole = new Uint8Array(await (await fetch(url)).arrayBuffer());
      const raw = Buffer.from(whole).toString("latin1");
      for (const uid of [...uids, "Secret Site", "STATION-9"]) expect(raw.includes(uid)).toBe(false);
      const { dataset } = await readHeader(Readable.from([whole]));
      expect(text(dataset, "00280008")).toBe("2");
      const [instance] = page.instances;
      const pixels = instance?.frames.map(({ offset, length }) => [
        ...whole.subarray(offset, offset + length),
      ]);
      expect(pixels).toEqual([22, 44].map((grey) => Array<number>(FRAME_BYTES).fill(grey)));
      for (const grey of [11, 33, 99])
        expect(raw.includes(String.fromCharCode(...Array<number>(FRAME_BYTES).fill(grey)))).toBe(false);
    }
  });

  it("shows a small picture, of its own key, where the whole series is shown, and none of another", async () => {
    const [first] = images;
    const sent = { studyId, patientId, study: "" };
    const { patient } = await opened(region, staff, sent);
    const seriesIds = [first?.seriesId ?? ""];
    const { pictures } = await Consent.signMinePictures(patient, { studyId, seriesIds });
    const other = await opened(region, staff, sent);
    const again = await Consent.signMinePictures(other.patient, { studyId, seriesIds });
    expect(pictures).toHaveLength(1);
    const pathOf = (url: string | undefined) => new URL(url ?? "").pathname;
    expect(pathOf(pictures[0]?.url)).not.toBe(pathOf(again.pictures[0]?.url));
    const answer = await fetch(pictures[0]?.url ?? "");
    expect(answer.headers.get("content-type")).toBe("image/jpeg");
    expect((await answer.arrayBuffer()).byteLength).toBeLessThanOrEqual(60 * 1024);
    expect(await codeOf(Consent.signFiles(patient, { studyId, instanceIds: [first?.id ?? ""] }))).toBe(
      "no-downloads",
    );
  });
});
