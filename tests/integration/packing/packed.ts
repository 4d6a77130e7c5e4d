import loadOpenJph from "@cornerstonejs/codec-openjph";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import type { Region } from "@weald/dev-env/region";
import type { Source } from "@weald/dev-env/send";
import { EXPLICIT_LITTLE, type PackedFrame, writePart10 } from "@weald/dicom";
import { datasetOf, dicom, rows, type Shot } from "../sent.ts";

export const SIDE = 128;
const us = (value: number) => ({ vr: "US", Value: [value] });

/** A ramp with a step in it, another one for each image: one pixel off anywhere is another value. */
export const valueAt = (column: number, row: number, number: number): number =>
  ((column * 7 + row * 3 + number * 11) % 1500) + (column > 60 ? 1000 : 0);

export function pixelsOf(number: number): Uint8Array {
  const values = Uint16Array.from({ length: SIDE * SIDE }, (_, at) =>
    valueAt(at % SIDE, Math.floor(at / SIDE), number),
  );
  return new Uint8Array(values.buffer);
}

/** An image of 128 × 128, of 12 bits in 16. */
export const slice = (shot: Shot & { number: number }): Source =>
  dicom(
    writePart10({
      dataset: datasetOf({
        ...shot,
        more: { "00280010": us(SIDE), "00280011": us(SIDE), ...shot.more },
      }),
      pixelData: pixelsOf(shot.number),
      transferSyntaxUid: EXPLICIT_LITTLE,
    }),
  );

/** All pages of one series. */
export async function readAll(ctx: Ctx, seriesId: string): Promise<Study.ReadInstance[]> {
  const instances: Study.ReadInstance[] = [];
  for (let after: string | undefined, isMore = true; isMore; ) {
    const page = await Study.readSeries(ctx, { seriesId, ...(after ? { after } : {}) });
    instances.push(...page.instances);
    after = page.next;
    isMore = after !== undefined;
  }
  return instances;
}

export async function seriesOf(region: Region, seriesInstanceUid: string) {
  const [row] = await rows<{ id: string; studyId: string }>(
    region,
    `SELECT id::text, study_id::text AS "studyId" FROM series WHERE series_instance_uid = $1`,
    seriesInstanceUid,
  );
  if (!row) throw new Error("no such series");
  return { seriesId: row.id, studyId: row.studyId };
}

/** As the viewer does: the pack's address, and a range of it. */
export async function rangeOf(url: string, { offset, length }: { offset: number; length: number }) {
  const answer = await fetch(url, { headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
  if (answer.status !== 206) throw new Error(`the store answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

export async function packUrl(ctx: Ctx, studyId: string, packId: string): Promise<string | undefined> {
  const { packs } = await Study.signObjects(ctx, { studyId, instanceIds: [], packIds: [packId] });
  const [signed] = packs;
  return signed && "url" in signed ? signed.url : undefined;
}

let codec: ReturnType<typeof loadOpenJph> | undefined;

/** Decoded by the codec itself, whole or halved so many times. */
export async function decoded(bytes: Uint8Array, level = 0): Promise<Uint8Array> {
  codec ??= loadOpenJph();
  const { HTJ2KDecoder } = await codec;
  const decoder = new HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decodeSubResolution(level);
    return Uint8Array.from(decoder.getDecodedBuffer());
  } finally {
    decoder.delete();
  }
}

export const frameOf = (instance: Study.ReadInstance | undefined, number = 1): PackedFrame => {
  const frame = instance?.packed?.frames[number - 1];
  if (!frame) throw new Error("that frame is in no pack");
  return frame;
};

/** How many images of a series have rows. */
export const rowsOf = async (region: Region, seriesId: string): Promise<number> =>
  (
    await rows<{ count: number }>(
      region,
      "SELECT count(*)::int AS count FROM instance WHERE series_id = $1::uuid",
      seriesId,
    )
  )[0]?.count ?? -1;

export const pack = (region: Region) => region.cloud.tick("PackSeries");
/** Whoever was killed held it: its lease ends. */
export const endLeases = (region: Region) =>
  rows(
    region,
    "UPDATE series_packing SET lease_until = now() - interval '1 second' RETURNING series_id::text",
  );

export async function textOf(region: Region, key: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await region.service.ports.archive.read(key)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
