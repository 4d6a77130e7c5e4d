import { describe, expect, it } from "vitest";
import { EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "../transfer-syntax.ts";
import { splitPart10 } from "./split-part10.ts";
import { writeDataset, writeMetaHeader } from "./write-part10.ts";

const dataset = writeDataset({ "00080018": { vr: "UI", Value: ["1.2.3"] } }, EXPLICIT_LITTLE);
const meta = writeMetaHeader({
  sopClassUid: "1.2",
  sopInstanceUid: "1.2.3",
  transferSyntaxUid: EXPLICIT_LITTLE,
});

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("a Part 10 stream in two parts", () => {
  it.each([1, 7, 100_000])("gives the data set as it is, in pieces of %i", async (size) => {
    const pixels = Buffer.alloc(9000, 7);
    const { transferSyntaxUid, dataset: behind } = await splitPart10(
      inPieces(Buffer.concat([meta, dataset, pixels]), size),
    );
    const pieces: Uint8Array[] = [];
    for await (const piece of behind) pieces.push(piece);
    expect(transferSyntaxUid).toBe(EXPLICIT_LITTLE);
    expect(Buffer.concat(pieces)).toEqual(Buffer.concat([dataset, pixels]));
  });

  it("finds the coding of an object without meta information", async () => {
    const bare = writeDataset({ "00080018": { vr: "UI", Value: ["1.2.3.4.5.6.7"] } }, IMPLICIT_LITTLE);
    expect((await splitPart10(inPieces(bare, 3))).transferSyntaxUid).toBe(IMPLICIT_LITTLE);
    await expect(splitPart10(inPieces(Buffer.from("no object at all"), 3))).rejects.toMatchObject({
      code: "NOT_DICOM",
    });
  });
});
