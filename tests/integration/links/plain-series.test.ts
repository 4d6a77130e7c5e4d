import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import type { Region } from "@weald/dev-env/region";
import { type DicomJson, EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasetOf, dicom, rows, sendAll, studyIdOf } from "../sent.ts";
import { opened, openRegion, somebody } from "./patient.ts";

const JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
const RGB: DicomJson = {
  "00280002": { vr: "US", Value: [3] },
  "00280004": { vr: "CS", Value: ["RGB"] },
  "00280006": { vr: "US", Value: [0] },
  ...{ "00280100": { vr: "US", Value: [8] }, "00280101": { vr: "US", Value: [8] } },
  "00280102": { vr: "US", Value: [7] },
};
const GREYS = new Uint8Array(32).fill(7);
type Kind = { pixelData: Uint8Array | readonly Uint8Array[]; syntax: string; more?: DicomJson };
const PLAIN: Kind = { pixelData: GREYS, syntax: EXPLICIT_LITTLE };
const COMPRESSED: Kind = { pixelData: [GREYS], syntax: JPEG_BASELINE };
const COLOUR: Kind = { pixelData: new Uint8Array(48), syntax: EXPLICIT_LITTLE, more: RGB };

describe("which series of a link are grey and uncompressed", () => {
  let region: Region;
  let staff: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
  });
  afterAll(() => region.stop());

  it("is told by the whole series, by each image where images are chosen, and of nothing beyond the link", async () => {
    const [study, of] = [mintUid(), somebody()];
    const series: Kind[][] = [[PLAIN, PLAIN], [COMPRESSED], [COLOUR], [PLAIN, COMPRESSED]];
    const files = series.flatMap((images, at) => {
      const uid = mintUid();
      return images.map(({ pixelData, syntax, more = {} }, index) => {
        const numbered = { ...more, "00200011": { vr: "IS", Value: [String(at + 1)] } };
        const shot = { study, series: uid, of, number: index + 1, counted: images.length, more: numbered };
        return dicom(writePart10({ dataset: datasetOf(shot), pixelData, transferSyntaxUid: syntax }));
      });
    });
    await sendAll(region, "RXC", ...files);
    await region.cloud.tick("SettleSeries");
    await region.drain();
    const studyId = await studyIdOf(region, study);
    const images = await rows<{ id: string; patientId: string }>(
      region,
      'SELECT i.id::text, s.patient_id::text AS "patientId" FROM instance i JOIN series e ON e.id = i.series_id JOIN study s ON s.id = e.study_id WHERE s.id = $1::uuid ORDER BY e.number, i.instance_number',
      studyId,
    );
    const sent = { study, studyId, patientId: images[0]?.patientId ?? "" };
    async function plain(instanceIds?: string[]): Promise<boolean[]> {
      const shows = {
        kind: "images" as const,
        images: (instanceIds ?? []).map((instanceId) => ({ instanceId, frames: [] })),
      };
      const scopes = [instanceIds ? { studyId, shows } : { studyId }];
      const { patient } = await opened(region, staff, sent, { scopes });
      const [shown] = (await Consent.readMine(patient, {})).studies;
      if (shown?.state !== "open") throw new Error("not open");
      return shown.series.map(({ isPlain }) => isPlain);
    }
    expect(await plain()).toEqual([true, false, false, false]);
    const last = images.slice(-2).map(({ id }) => id);
    expect(await plain(last.slice(0, 1))).toEqual([true]);
    expect(await plain(last.slice(1))).toEqual([false]);
  });
});
