import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  codeOf,
  datasetOf,
  dicom,
  image,
  rowan,
  rows,
  type Shot,
  sendAll,
  studyIdOf,
  systemCtx,
} from "./sent.ts";

const SIDE = 512;
const square = {
  "00280010": { vr: "US", Value: [SIDE] },
  "00280011": { vr: "US", Value: [SIDE] },
};

/** Of a size that is met, and of noise: nothing packs worse. */
function noise(shot: Shot) {
  const pixelData = new Uint8Array(SIDE * SIDE * 2);
  let seed = 7;
  for (let at = 0; at < pixelData.length; at += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    pixelData[at] = (seed >> 8) & (at % 2 === 0 ? 0xff : 0x0f);
  }
  return dicom(
    writePart10({
      dataset: datasetOf({ ...shot, more: { ...square, ...shot.more } }),
      pixelData,
      transferSyntaxUid: EXPLICIT_LITTLE,
    }),
  );
}

describe("small pictures of series", () => {
  let region: Region;
  let reader: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("amara.okafor@RXC");
  });
  afterAll(() => region.stop());

  let people = 0;
  const somebody = () => {
    people += 1;
    return rowan({ localNumber: `PIC-${people}`, family: `Elm${people}`, nhs: "" });
  };
  const draw = () => region.cloud.tick("DrawPictures");

  async function shown(study: string, ctx: Ctx = reader) {
    const studyId = await studyIdOf(region, study);
    const [found] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      studyId,
    );
    const patientId = found?.id ?? "";
    const page = await Timeline.read(ctx, { patientId });
    const row = page.rows.find((one) => one.studyId === studyId);
    return { patientId, studyId, isSensitive: page.isSensitive, pictures: row?.pictures ?? [] };
  }
  async function fetched(study: string, ctx: Ctx = reader): Promise<Buffer[]> {
    const { patientId, pictures } = await shown(study, ctx);
    const seriesIds = pictures.map(({ seriesId }) => seriesId);
    const signed = await Timeline.signPictures(ctx, { patientId, seriesIds });
    return Promise.all(
      signed.pictures.map(async ({ url }) => {
        const answer = await fetch(url);
        expect(answer.headers.get("content-type")).toBe("image/jpeg");
        return Buffer.from(await answer.arrayBuffer());
      }),
    );
  }

  it("are drawn once a series has settled, as a JPEG of at most 20 KB, and come by a short address", async () => {
    const study = mintUid();
    await sendAll(region, "RXC", noise({ study, of: somebody() }));
    expect((await shown(study)).pictures).toMatchObject([{ modality: "DX", state: "not-drawn-yet" }]);
    await draw();
    expect((await shown(study)).pictures).toMatchObject([{ state: "drawn" }]);
    const [bytes] = await fetched(study);
    expect(bytes?.subarray(0, 2).toString("hex")).toBe("ffd8");
    expect(bytes?.length).toBeLessThanOrEqual(20 * 1024);
    expect(bytes?.length).toBeGreaterThan(500);
  });

  it("say why there is none: pixels that are no picture, an object that is gone, no image at all", async () => {
    const [odd, gone, none] = [mintUid(), mintUid(), mintUid()];
    const noPixels = {
      ...datasetOf({ study: none, of: somebody(), modality: "SR" }),
      "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.88.11"] },
    };
    await sendAll(
      region,
      "RXC",
      image({ study: odd, of: somebody(), more: { "00280004": { vr: "CS", Value: ["PALETTE COLOR"] } } }),
      image({ study: gone, of: somebody() }),
      dicom(
        writePart10({
          dataset: Object.fromEntries(Object.entries(noPixels).filter(([tag]) => !tag.startsWith("0028"))),
          transferSyntaxUid: EXPLICIT_LITTLE,
        }),
      ),
    );
    const [held] = await rows<{ key: string }>(
      region,
      "SELECT i.object_key AS key FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = $1::uuid",
      await studyIdOf(region, gone),
    );
    await region.service.ports.archive.delete(held?.key ?? "");
    await draw();
    expect((await shown(odd)).pictures).toMatchObject([{ state: "not-drawn" }]);
    expect((await shown(gone)).pictures).toMatchObject([{ state: "unreadable" }]);
    expect((await shown(none)).pictures).toEqual([]);
    expect(await fetched(odd)).toEqual([]);
  });

  it("fall with the image that they are of, and another takes its place", async () => {
    const [study, series] = [mintUid(), mintUid()];
    const of = somebody();
    await sendAll(
      region,
      "RXC",
      ...[1, 2, 3].map((number) => image({ study, series, of, number, grey: number })),
    );
    await draw();
    const { studyId } = await shown(study);
    expect(await fetched(study)).toHaveLength(1);
    const [middle] = await rows<{ id: string }>(
      region,
      "SELECT i.id::text FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = $1::uuid AND i.instance_number = 2",
      studyId,
    );
    await Correction.ask(region.as("tom.reyes"), {
      kind: "reject",
      studyId,
      level: "instance",
      ids: [middle?.id ?? ""],
      code: "113001",
      reason: "moved",
    });
    expect((await shown(study)).pictures).toMatchObject([{ state: "not-drawn-yet" }]);
    expect(await fetched(study)).toEqual([]);
    await draw();
    expect((await shown(study)).pictures).toMatchObject([{ state: "drawn" }]);
  });

  it("are none of what is rejected, sensitive, or not for who asks", async () => {
    const study = mintUid();
    const of = somebody();
    await sendAll(region, "RXC", image({ study, of }));
    await draw();
    const { patientId, pictures, studyId } = await shown(study);
    const ask = { patientId, seriesIds: pictures.map(({ seriesId }) => seriesId) };
    expect((await Timeline.signPictures(region.as("rohan.patel"), ask)).pictures).toHaveLength(1);
    expect(await codeOf(Timeline.signPictures(region.as("ines.marlow"), ask))).toBe("no-relationship");
    const other = mintUid();
    await sendAll(region, "RXC", image({ study: other, of: somebody() }));
    const { patientId: another } = await shown(other);
    // Asked for as another patient's: nothing.
    expect((await Timeline.signPictures(reader, { ...ask, patientId: another })).pictures).toEqual([]);
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RXC",
      localNumber: of.localNumber,
      sensitivities: ["vip"],
    });
    expect((await Timeline.signPictures(reader, ask)).pictures).toEqual([]);
    expect((await shown(study)).isSensitive).toBe(true);
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RXC",
      localNumber: of.localNumber,
      sensitivities: [],
    });
    await Correction.ask(region.as("tom.reyes"), {
      kind: "reject",
      studyId,
      level: "study",
      code: "113037",
      reason: "unsafe",
    });
    expect((await Timeline.signPictures(reader, ask)).pictures).toEqual([]);
  });

  it("are drawn without the database at hand: the function that draws has none of its words", async () => {
    const answer = await region.cloud.invoke("DrawPicture", {
      key: "none/thumbnail",
      drawable: {
        objectKey: "not-there",
        encoding: "plain",
        transferSyntaxUid: EXPLICIT_LITTLE,
        numberOfFrames: 1,
        frameNumber: 1,
        frame: { offset: 0, length: 32 },
        pixelsOffset: 0,
        header: datasetOf({}),
      },
    });
    expect(answer).toEqual({ failed: "unreadable" });
  });
});
