import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";
import { type DicomJson, type DicomJsonAttribute, transferSyntaxOf } from "@weald/dicom";
import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findPage, retrievingFacts, type Served, subjectOf } from "./find-retrieved.ts";
import { applyOverlays } from "./overlay.ts";
import { Asked } from "./retrieval.ts";
import { headerOf } from "./retrieving.store.ts";
import { mayRetrieve } from "./study.policy.ts";

const PAGE = 1000;
const HEADER_BYTES = 8 * 1024 * 1024;
/** As base64 it fits the 6 MB of an answer. */
const MOST_PACKED_BYTES = 4 * 1024 * 1024;
const packed = promisify(deflateRaw);
/** Ends at a byte and leaves the stream open: pieces can be laid one behind the other. */
const OPEN_ENDED = { level: 1, finishFlush: constants.Z_SYNC_FLUSH };

/** A piece of one deflate stream, with what a gzip file must say of the whole at its end. */
type Packed = { deflated: Buffer; crc: number; sizeBytes: number };

/** Where a value lies: the path of tags and item numbers from the outermost level, `00880200/1/7FE00010`. */
function referTo(header: DicomJson, base: string): DicomJson {
  const attribute = (tag: string, one: DicomJsonAttribute): DicomJsonAttribute => {
    if (one.BulkDataURI !== undefined) return { ...one, BulkDataURI: `${base}/${tag}` };
    if (one.vr !== "SQ" || !one.Value) return one;
    const items = one.Value.map((item, index) =>
      item instanceof Object ? referTo(item as DicomJson, `${base}/${tag}/${index + 1}`) : item,
    );
    return { ...one, Value: items };
  };
  return Object.fromEntries(Object.entries(header).map(([tag, one]) => [tag, attribute(tag, one)]));
}

/** Float pixels state no Pixel Representation (0028,0103). @see DICOM PS3.3 §C.7.6.24 */
function pixelTagOf({ header = "" }: { header: string | undefined }): string {
  if (header.includes('"00280103"')) return "7FE00010";
  const bits = /"00280100": ?\{[^}]*"Value": ?\[(\d+)\]/.exec(header)?.[1];
  return bits === "64" ? "7FE00009" : bits === "32" ? "7FE00008" : "7FE00010";
}

const VR_OF_PIXELS: Record<string, string> = { "7FE00008": "OF", "7FE00009": "OD" };

/** Pixels are no part of a header: that there are some, and where. */
function pixelReference({ row }: Served, base: string): DicomJson {
  if (row.numberOfFrames === 0) return {};
  const tag = pixelTagOf(row);
  const vr = VR_OF_PIXELS[tag] ?? (transferSyntaxOf(row.transferSyntaxUid).encapsulated ? "OB" : "OW");
  return { [tag]: { vr, BulkDataURI: `${base}/${tag}` } };
}

/** All text here is Unicode, whatever it came in: it says so, at each level. @see DICOM PS3.18 §F.2.3 */
const inUnicode = (text: string): string =>
  text.replace(/"00080005": ?\{[^}]*\}/g, '"00080005": {"vr": "CS", "Value": ["ISO_IR 192"]}');

/**
 * One instance's metadata as JSON text. The index holds it as it is served, so that most of it is never parsed: only where an
 * overlay or a reference to a long value is in it.
 */
function metadataOf(served: Served, root: string): string {
  const { row, overlays } = served;
  const text = row.header ?? "{}";
  const base = `${root}/series/${row.seriesInstanceUid}/instances/${row.sopInstanceUid}/bulkdata`;
  const pixels = pixelReference(served, base);
  if (overlays.length > 0 || text.includes('"BulkDataURI"'))
    return JSON.stringify({ ...referTo(applyOverlays(headerOf(row), overlays), base), ...pixels });
  const more = JSON.stringify(pixels).slice(1);
  if (more === "}") return text;
  return text === "{}" ? `{${more}` : `${text.slice(0, -1)}, ${more}`;
}

/** As many instances as fit an answer: a piece of a JSON array. */
async function pack(texts: readonly string[], isFirst: boolean): Promise<{ packed: Packed; count: number }> {
  for (let count = texts.length; ; count = Math.ceil(count / 2)) {
    const begin = isFirst ? "[" : count === 0 ? "" : ",";
    const piece = Buffer.from(`${begin}\n${texts.slice(0, count).join(",\n")}`);
    const deflated = await packed(piece, OPEN_ENDED);
    if (deflated.length <= MOST_PACKED_BYTES || count === 1)
      return { packed: { deflated, crc: crc32(piece), sizeBytes: piece.length }, count };
  }
}

/**
 * Metadata of a study, series or instance in the DICOM JSON model, with what the overlays say. `root` is the address of the
 * study, for references to long values. An answer is a piece of one deflate stream: browsers read one gzip member and no more.
 *
 * @throws {NotFound} `NOT_FOUND`, the same for what nobody holds and what is hidden from this actor
 * @throws {AccessDenied} with the reading policy's reason
 * @throws {Conflict} `SERIES_CHANGED`
 * @see DICOM PS3.18 §10.4.1.1.2 (metadata resources), §F.2
 */
export const retrieveMetadata = defineAction({
  name: "study.retrieve-metadata",
  input: Asked.extend({ root: z.string().max(2000) }),
  policy: mayRetrieve,
  load: (tx, asked) => retrievingFacts(tx, asked),
  run: (tx, { root: _root, ...asked }, facts) =>
    findPage(tx, asked, facts, {
      limit: PAGE,
      headerBytes: HEADER_BYTES,
      withHeaders: "all",
      framesUnless: undefined,
      sizes: "stored",
    }),
  async after(_ctx, { found, instances }, { root, after }) {
    const texts = instances.map((one) => inUnicode(metadataOf(one, root)));
    const { packed: piece, count } = await pack(texts, after === undefined);
    return {
      ...found,
      next: count < instances.length ? instances[count - 1]?.row.id : found.next,
      packed: { ...piece, deflated: piece.deflated.toString("base64") },
    };
  },
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: (asked, done) => subjectOf(done?.found, asked),
  },
});
