import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  encoderFor,
  fileOf,
  fragmentsOf,
  OPEN,
  pictureOf,
  pixelElement,
  streamOf,
} from "../fixtures/elements.ts";
import { DEFLATED, EXPLICIT_LITTLE, type TransferSyntax, transferSyntaxes } from "../transfer-syntax.ts";
import type { FrameLocator } from "../types.ts";
import { readPart10 } from "./read-part10.ts";
import { writePart10 } from "./write-part10.ts";

const FRAMES = [
  Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]),
  Uint8Array.from([8, 7, 6, 5, 4, 3, 2, 1]),
] as const;
const HEADER = {
  "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7"] },
  "00080018": { vr: "UI", Value: ["1.2.3.4"] },
  "00280002": { vr: "US", Value: [1] },
  "00280004": { vr: "CS", Value: ["MONOCHROME2"] },
  "00280008": { vr: "IS", Value: [2] },
  "00280010": { vr: "US", Value: [2] },
  "00280011": { vr: "US", Value: [4] },
  "00280100": { vr: "US", Value: [8] },
};

const cut = (bytes: Uint8Array, { offset, length }: FrameLocator) => bytes.subarray(offset, offset + length);

const stills = transferSyntaxes.filter(({ video, deflated }) => !video && !deflated);
const films = transferSyntaxes.filter(({ video }) => video);

const objectIn = ({ uid, encapsulated }: TransferSyntax) =>
  writePart10({
    dataset: HEADER,
    pixelData: encapsulated ? FRAMES : Buffer.concat(FRAMES),
    transferSyntaxUid: uid,
  });

describe("every transfer syntax of the standard", () => {
  it.each(stills)("$uid $name: the header is read and each frame found where it lies", async (syntax) => {
    const bytes = objectIn(syntax);
    const read = await readPart10(streamOf(bytes));
    expect(read.transferSyntaxUid).toBe(syntax.uid);
    expect(read.dataset).toEqual(HEADER);
    expect(read.deviations).toEqual([]);
    expect(read.pixelData?.encapsulated).toBe(syntax.encapsulated);
    expect(read.pixelData?.frames.map((frame) => [...cut(bytes, frame)])).toEqual(
      FRAMES.map((one) => [...one]),
    );
  });

  it("deflated: locators count in the inflated data set", async () => {
    const bytes = writePart10({
      dataset: HEADER,
      pixelData: Buffer.concat(FRAMES),
      transferSyntaxUid: DEFLATED,
    });
    const plain = writePart10({
      dataset: HEADER,
      pixelData: Buffer.concat(FRAMES),
      transferSyntaxUid: EXPLICIT_LITTLE,
    });
    const read = await readPart10(streamOf(bytes));
    expect(read.encoding).toBe("deflate");
    expect(read.dataset).toEqual(HEADER);
    // Without its meta header the plain file is what was deflated.
    const inflated = plain.subarray(plain.length - (read.pixelData?.frames[0]?.offset ?? 0) - 16);
    expect(read.pixelData?.frames.map((frame) => [...cut(inflated, frame)])).toEqual(
      FRAMES.map((one) => [...one]),
    );
  });

  it("deflated with padding behind it: every byte is in the sums", async () => {
    const body = Buffer.concat([
      pictureOf(encoderFor(DEFLATED)),
      pixelElement(encoderFor(DEFLATED), FRAMES[0]),
    ]);
    const bytes = fileOf(DEFLATED, deflateRawSync(body), Buffer.alloc(300_000));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, index) =>
      bytes.subarray(index * 1000, (index + 1) * 1000),
    );
    const read = await readPart10(streamOf(...chunks));
    expect(read.sizeBytes).toBe(bytes.length);
    expect(read.sha256Received).toBe(await sha256(bytes));
  });

  it.each(films)("$uid $name: kept, never cut into frames", async ({ uid }) => {
    const encoder = encoderFor(uid);
    const bytes = fileOf(
      uid,
      pictureOf(encoder, { frames: "40" }),
      pixelElement(encoder, fragmentsOf([], [FRAMES[0], FRAMES[1], FRAMES[0]]), OPEN),
    );
    const read = await readPart10(streamOf(bytes));
    expect(read.pixelData?.numberOfFrames).toBe(40);
    expect(read.pixelData?.frames).toEqual([]);
    expect(read.deviations.map(({ code }) => code)).toEqual(["VIDEO_NOT_FRAMED"]);
  });

  it("an unknown one is kept, with or without frames that can be told apart", async () => {
    const uid = "1.2.3.4.5";
    const encoder = encoderFor(uid);
    const inFragments = (count: number) =>
      fileOf(
        uid,
        pictureOf(encoder, { frames: "2 " }),
        pixelElement(
          encoder,
          fragmentsOf(
            [],
            Array.from({ length: count }, () => FRAMES[0]),
          ),
          OPEN,
        ),
      );
    const told = await readPart10(streamOf(inFragments(2)));
    expect(told.pixelData?.frames).toHaveLength(2);
    expect(told.deviations.map(({ code }) => code)).toEqual(["TRANSFER_SYNTAX_UNKNOWN"]);
    const untold = await readPart10(streamOf(inFragments(5)));
    expect(untold.pixelData?.frames).toEqual([]);
    expect(untold.deviations.map(({ code }) => code)).toEqual([
      "TRANSFER_SYNTAX_UNKNOWN",
      "FRAMES_NOT_FOUND",
    ]);
    const native = fileOf(uid, pictureOf(encoder), pixelElement(encoder, FRAMES[0]));
    expect((await readPart10(streamOf(native))).pixelData?.frames).toHaveLength(1);
  });

  it.each([".94", ".95", ".204", ".205"])(
    "JPIP (1.2.840.10008.1.2.4%s) holds no pixels and is refused",
    async (end) => {
      const uid = `1.2.840.10008.1.2.4${end}`;
      const bytes = fileOf(uid, pictureOf(encoderFor(uid)));
      await expect(readPart10(streamOf(bytes))).rejects.toMatchObject({
        code: "TRANSFER_SYNTAX_UNSUPPORTED",
      });
    },
  );

  it("fragments under a native syntax, or native pixels under JPEG, are refused: they would be shown as noise", async () => {
    const explicit = encoderFor(EXPLICIT_LITTLE);
    const fragments = fileOf(
      EXPLICIT_LITTLE,
      pictureOf(explicit),
      pixelElement(explicit, fragmentsOf([], [FRAMES[0]]), OPEN),
    );
    await expect(readPart10(streamOf(fragments))).rejects.toMatchObject({ code: "MALFORMED" });
    const jpeg = fileOf("1.2.840.10008.1.2.4.70", pictureOf(explicit), pixelElement(explicit, FRAMES[0]));
    await expect(readPart10(streamOf(jpeg))).rejects.toMatchObject({ code: "MALFORMED" });
  });
});

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes));
  return Buffer.from(digest).toString("hex");
}
