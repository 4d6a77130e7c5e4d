import { describe, expect, it } from "vitest";
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "../transfer-syntax.ts";
import type { DicomJson } from "../types.ts";
import { type Layout, layOutObject } from "./lay-out-object.ts";
import { readPart10 } from "./read-part10.ts";
import { writePart10 } from "./write-part10.ts";

const JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70";
const one = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const HEADER: DicomJson = {
  "00080005": one("CS", "ISO_IR 192"),
  "00080016": one("UI", "1.2.840.10008.5.1.4.1.1.7"),
  "00080018": one("UI", "2.25.7"),
  "00280002": one("US", 1),
  "00280004": one("CS", "MONOCHROME2"),
  "00280010": one("US", 1),
  "00280011": one("US", 3),
  "00280100": one("US", 8),
  "00280101": one("US", 8),
  "00280102": one("US", 7),
  "00280103": one("US", 0),
};

const made = ({ pieces }: Layout, source: Uint8Array) =>
  Buffer.concat(
    pieces.map((piece) =>
      piece instanceof Uint8Array ? piece : source.subarray(piece.offset, piece.offset + piece.length),
    ),
  );
const at = (bytes: Uint8Array, { offset, length }: { offset: number; length: number }) =>
  Buffer.from(bytes.subarray(offset, offset + length)).toString();

describe("an object laid out of another's frames", () => {
  it.each([EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG])(
    "holds those frames alone, and is read as such (%s)",
    async (transferSyntaxUid) => {
      const source = Buffer.from("..aaabbbccc..");
      const frames = [
        { offset: 8, length: 3 },
        { offset: 2, length: 3 },
        { offset: 5, length: 3 },
      ];
      const dataset = { ...HEADER, "00280008": one("IS", 3) };
      const layout = layOutObject({ dataset, frames, transferSyntaxUid });
      const bytes = made(layout, source);
      expect(bytes.length).toBe(layout.sizeBytes);
      expect(layout.frames.map((frame) => at(bytes, frame))).toEqual(["ccc", "aaa", "bbb"]);
      const read = await readPart10(
        (async function* () {
          yield bytes;
        })(),
      );
      expect(read.pixelData?.frames).toEqual(layout.frames);
      expect(read.dataset["00080018"]?.Value).toEqual(["2.25.7"]);
    },
  );

  it("joins the fragments of an encapsulated frame, and pads what is odd", async () => {
    const source = Buffer.from("AAAA....AABBB");
    const frames = [
      {
        offset: 0,
        length: 10,
        fragments: [
          { offset: 0, length: 4 },
          { offset: 8, length: 2 },
        ],
      },
      { offset: 10, length: 3 },
    ];
    const dataset = { ...HEADER, "00280008": one("IS", 2) };
    const layout = layOutObject({ dataset, frames, transferSyntaxUid: JPEG_LOSSLESS });
    const bytes = made(layout, source);
    expect(layout.frames.map((frame) => at(bytes, frame))).toEqual(["AAAAAA", "BBB"]);
    const read = await readPart10(
      (async function* () {
        yield bytes;
      })(),
    );
    expect(read.pixelData?.frames).toHaveLength(2);
  });

  it("takes long values from the source, also inside sequences", async () => {
    const lut = Buffer.alloc(4096, 5);
    const long = { vr: "OW", BulkDataURI: "0:4096" };
    const dataset: DicomJson = { ...HEADER, "00283010": { vr: "SQ", Value: [{ "00283006": long }] } };
    const source = Buffer.concat([lut, Buffer.from("abc")]);
    const layout = layOutObject({
      dataset,
      frames: [{ offset: 4096, length: 3 }],
      transferSyntaxUid: EXPLICIT_LITTLE,
    });
    const expected = writePart10({
      dataset: {
        ...HEADER,
        "00283010": { vr: "SQ", Value: [{ "00283006": { vr: "OW", InlineBinary: lut.toString("base64") } }] },
      },
      pixelData: Buffer.from("abc"),
      transferSyntaxUid: EXPLICIT_LITTLE,
    });
    expect(made(layout, source).equals(expected)).toBe(true);
  });
});
