import { Agent, get } from "node:http";
import { performance } from "node:perf_hooks";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { pack, readAll, seriesOf } from "@weald/tests/integration/packing/packed.ts";
import { datasetOf, dicom, rowan, sendAll } from "@weald/tests/integration/sent.ts";
import { ctLike } from "./packing.ts";
import { type Line, layLine } from "./viewer/line.ts";

const LINE: Line = { bytesASecond: 2_500_000, roundTripMs: 30 };
/** As many as a browser keeps open to one server. */
const CONNECTIONS = 6;
/** As many as come down the line before an address ends. */
const CT_SLICES = 100;
export const [MG_ROWS, MG_COLUMNS] = [3328, 2560];
/** So many different images are enough: each is fetched by itself. */
const IMAGES = 10;

const us = (value: number) => ({ vr: "US", Value: [value] });
type Span = { offset: number; length: number };
type Range = Span & { url: string };

/** Image Pixel attributes of one grey plane. */
export const sized = (rows: number, columns: number, bits: number, isSigned: boolean) => ({
  ...{ "00280010": us(rows), "00280011": us(columns), "00280100": us(16), "00280101": us(bits) },
  ...{ "00280102": us(bits - 1), "00280103": us(isSigned ? 1 : 0) },
});

/** A breast of 12 bits: smooth, with noise, in air that is nothing. */
export function mgLike(): Uint8Array {
  const values = new Uint16Array(MG_ROWS * MG_COLUMNS);
  let seed = 1;
  for (let at = 0; at < values.length; at += 1) {
    const [row, column] = [Math.floor(at / MG_COLUMNS), at % MG_COLUMNS];
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    const isBreast = (column / 1800) ** 2 + ((row - MG_ROWS / 2) / 1500) ** 2 < 1;
    values[at] = isBreast ? 1200 + Math.round(300 * Math.sin(row / 90)) + ((seed >> 16) % 24) : 0;
  }
  return new Uint8Array(values.buffer);
}

async function sent(region: Region, kind: "CT" | "MG") {
  const of = rowan({ localNumber: `LINE-${kind}`, family: `Line${kind}`, nhs: "" });
  const uids = { study: mintUid(), series: mintUid() };
  const images = kind === "CT" ? Array.from({ length: IMAGES }, (_, at) => ctLike(at)) : [mgLike()];
  const more = kind === "CT" ? sized(512, 512, 16, true) : sized(MG_ROWS, MG_COLUMNS, 12, false);
  const count = kind === "CT" ? CT_SLICES : 1;
  const sources = Array.from({ length: count }, (_, at) =>
    dicom(
      writePart10({
        dataset: datasetOf({ ...uids, of, modality: kind, number: at + 1, more }),
        pixelData: images[at % images.length] ?? new Uint8Array(),
        transferSyntaxUid: EXPLICIT_LITTLE,
      }),
    ),
  );
  for (let from = 0; from < count; from += 50)
    await sendAll(region, "RXC", ...sources.slice(from, from + 50));
  await region.drain();
  return seriesOf(region, uids.series);
}

/** The ranges by which a reader gets the series: of its originals, and of its pack, lowest resolutions first. */
async function rangesOf(reader: Ctx, { seriesId, studyId }: { seriesId: string; studyId: string }) {
  const instances = await readAll(reader, seriesId);
  const originals: Range[] = [];
  for (let from = 0; from < instances.length; from += 200) {
    const page = instances.slice(from, from + 200);
    const { objects } = await Study.signObjects(reader, {
      ...{ studyId, instanceIds: page.map(({ instanceId }) => instanceId) },
    });
    for (const [at, one] of objects.entries()) {
      const frame = page[at]?.frames[0];
      if ("url" in one && frame) originals.push({ url: one.url, ...frame });
    }
  }
  const frames = instances.map(({ packed }) => packed?.frames[0]);
  const { packs } = await Study.signObjects(reader, {
    ...{ studyId, instanceIds: [], packIds: [instances[0]?.packed?.packId ?? ""] },
  });
  const [signed] = packs;
  if (!signed || !("url" in signed)) throw new Error("it isn't packed");
  const packed = frames.flatMap((frame) => (frame ? [{ url: signed.url, ...frame }] : []));
  return { originals, packed };
}

/** Milliseconds until `first` bytes and until all are here. */
function fetched(agent: Agent, port: number, { url, offset, length }: Range, first: number) {
  const address = new URL(url);
  address.port = String(port);
  const headers = { Range: `bytes=${offset}-${offset + length - 1}`, host: new URL(url).host };
  const began = performance.now();
  return new Promise<{ firstMs: number; wholeMs: number }>((resolve, reject) => {
    get(address, { agent, headers }, (answer) => {
      let [count, firstMs] = [0, 0];
      answer.on("data", (chunk: Buffer) => {
        count += chunk.length;
        if (count >= first && firstMs === 0) firstMs = performance.now() - began;
      });
      answer.on("end", () =>
        answer.statusCode === 206 && count === length
          ? resolve({ firstMs, wholeMs: performance.now() - began })
          : reject(new Error(`the store answered ${answer.statusCode} with ${count} bytes`)),
      );
    }).on("error", reject);
  });
}

async function overTheLine(ranges: readonly Range[], first: (at: number) => number) {
  const port = Number(new URL(ranges[0]?.url ?? "").port);
  const line = await layLine(LINE, [port]);
  const through = Number(line.rules.split(":").at(-1));
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    const [one] = ranges;
    if (!one) throw new Error("there is nothing to fetch");
    const picture = await fetched(agent, through, one, first(0));
    const began = performance.now();
    await Promise.all(ranges.map((range, at) => fetched(agent, through, range, first(at))));
    return {
      requests: ranges.length,
      megabytes: Number((ranges.reduce((sum, { length }) => sum + length, 0) / 1e6).toFixed(1)),
      firstPictureMs: Math.round(picture.firstMs),
      firstWholeFrameMs: Math.round(picture.wholeMs),
      seriesSeconds: Number(((performance.now() - began) / 1000).toFixed(1)),
    };
  } finally {
    agent.destroy();
    await line.stop();
  }
}

type Measured = Awaited<ReturnType<typeof overTheLine>>;
const ratio = (packed: Measured, original: Measured, of: keyof Measured) =>
  Number((packed[of] / original[of]).toFixed(2));

/** What comes down a line of 20 Mbit/s and 30 ms, of originals and of packs, by the ranges that the viewer asks for; no browser draws. */
export async function packsLine() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const region = await Region.create();
  try {
    const reader = region.as("amara.okafor@RXC");
    const held = { CT: await sent(region, "CT"), MG: await sent(region, "MG") };
    await pack(region);
    const results: Record<string, unknown> = {};
    for (const [kind, series] of Object.entries(held)) {
      const lowest = (await readAll(reader, series.seriesId)).map(
        (one) => one.packed?.frames[0]?.ends[0] ?? 0,
      );
      const { originals } = await rangesOf(reader, series);
      const original = await overTheLine(originals, (at) => originals[at]?.length ?? 0);
      const { packed } = await rangesOf(reader, series);
      const fromPack = await overTheLine(packed, (at) => lowest[at] ?? 0);
      results[kind] = {
        ...{ original, packed: fromPack },
        bytesOfOriginal: ratio(fromPack, original, "megabytes"),
        firstPictureOfOriginal: ratio(fromPack, original, "firstPictureMs"),
        firstWholeFrameOfOriginal: ratio(fromPack, original, "firstWholeFrameMs"),
        seriesTimeOfOriginal: ratio(fromPack, original, "seriesSeconds"),
      };
    }
    return results;
  } finally {
    await region.stop();
    await cluster.stop();
  }
}
