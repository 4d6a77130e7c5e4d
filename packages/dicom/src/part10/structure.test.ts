import { describe, expect, it } from "vitest";
import {
  explicitBig,
  explicitLittle,
  fileOf,
  fragmentsOf,
  implicitLittle,
  inPieces,
  metaOf,
  OPEN,
  PREFIX,
  pictureOf,
  pixelElement,
  streamOf,
} from "../fixtures/elements.ts";
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "../transfer-syntax.ts";
import { readPart10 } from "./read-part10.ts";

const PIXELS = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const { element, item, openItem, sequence, openSequence, us } = explicitLittle;

const read = (...pieces: Uint8Array[]) => readPart10(streamOf(...pieces));
const codes = ({ deviations }: { deviations: readonly { code: string }[] }) =>
  deviations.map(({ code }) => code);
const explicitFile = (...elements: Uint8Array[]) => fileOf(EXPLICIT_LITTLE, ...elements);

describe("the head of a file", () => {
  it.each([
    [EXPLICIT_LITTLE, explicitLittle],
    [IMPLICIT_LITTLE, implicitLittle],
    [EXPLICIT_BIG, explicitBig],
  ] as const)("without preamble and meta header %s is found by looking", async (uid, encoder) => {
    const found = await read(pictureOf(encoder), pixelElement(encoder, PIXELS));
    expect(found.transferSyntaxUid).toBe(uid);
    expect(found.hasMetaHeader).toBe(false);
    expect(found.preamble).toBeUndefined();
    expect(found.meta["00020010"]?.Value).toEqual([uid]);
    expect(found.dataset["00280010"]?.Value).toEqual([2]);
    expect(codes(found)).toEqual(["META_MISSING"]);
    expect(found.sha256Stored).toBe(found.sha256Received);
  });

  it("with a preamble and no meta header the data set behind it is read", async () => {
    const found = await read(PREFIX, pictureOf(explicitLittle), pixelElement(explicitLittle, PIXELS));
    expect(found.hasMetaHeader).toBe(false);
    expect(found.preamble?.mustClear).toBe(false);
    expect(found.pixelData?.frames).toHaveLength(1);
  });

  it("with a meta header and no preamble both are read", async () => {
    const found = await read(
      metaOf(EXPLICIT_LITTLE),
      pictureOf(explicitLittle),
      pixelElement(explicitLittle, PIXELS),
    );
    expect(found.transferSyntaxUid).toBe(EXPLICIT_LITTLE);
    expect(found.meta["00020003"]?.Value).toEqual(["1.2.3.4"]);
    expect(found.hasMetaHeader).toBe(false);
    expect(found.pixelData?.frames).toHaveLength(1);
  });

  it("a meta header that names no transfer syntax: the data set tells", async () => {
    const meta = explicitLittle.element("00020001", "OB", Buffer.from([0, 1]));
    const found = await read(PREFIX, meta, pictureOf(implicitLittle), pixelElement(implicitLittle, PIXELS));
    expect(found.transferSyntaxUid).toBe(IMPLICIT_LITTLE);
    expect(codes(found)).toEqual(["TRANSFER_SYNTAX_MISSING"]);
  });

  it("DICM at byte 128 by chance, in the text of a data set without preamble, is text", async () => {
    const text = element("00080080", "LO", `${"X".repeat(110)}DICMA1`);
    const bytes = Buffer.concat([
      element("00080060", "CS", "MG"),
      text,
      pictureOf(explicitLittle),
      pixelElement(explicitLittle, PIXELS),
    ]);
    expect(bytes.toString("latin1", 128, 132)).toBe("DICM");
    const found = await read(bytes);
    expect(found.dataset["00080080"]?.Value).toEqual([`${"X".repeat(110)}DICMA1`]);
    expect(found.preamble).toBeUndefined();
    expect(found.sha256Stored).toBe(found.sha256Received);
  });

  it("elements that state VRs under the implicit syntax are read with them", async () => {
    const found = await read(
      fileOf(IMPLICIT_LITTLE, pictureOf(explicitLittle), pixelElement(explicitLittle, PIXELS)),
    );
    expect(found.dataset["00100010"]?.Value).toEqual([{ Alphabetic: "Alder^Rowan" }]);
    expect(codes(found)).toEqual(["VR_UNEXPECTED"]);
  });

  it("elements without VR under an explicit syntax are read without", async () => {
    const found = await read(
      fileOf(EXPLICIT_LITTLE, pictureOf(implicitLittle), pixelElement(implicitLittle, PIXELS)),
    );
    expect(found.dataset["00100010"]?.Value).toEqual([{ Alphabetic: "Alder^Rowan" }]);
    expect(codes(found)).toEqual(["VR_INVALID"]);
  });

  it("a disc's directory is no image", async () => {
    const directory = Buffer.concat([
      PREFIX,
      element("00020002", "UI", "1.2.840.10008.1.3.10"),
      element("00020010", "UI", "1.2.840.10008.1.2.1\0"),
    ]);
    await expect(read(directory, pictureOf(explicitLittle))).rejects.toMatchObject({ code: "DICOMDIR" });
  });

  it.each([
    ["nothing", Buffer.alloc(0), "EMPTY_FILE"],
    ["text", Buffer.from("To whom it may concern, the images are on the other disc."), "NOT_DICOM"],
    ["a ZIP archive", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(400)]), "NOT_DICOM"],
    ["a JPEG", Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(400)]), "NOT_DICOM"],
    ["zeros", Buffer.alloc(4096), "NOT_DICOM"],
    ["a preamble and nothing else", PREFIX, "NOT_DICOM"],
  ])("%s is refused", async (_what, bytes, code) => {
    await expect(read(bytes)).rejects.toMatchObject({ code });
  });
});

describe("sequences", () => {
  const name = element("00081150", "UI", "1.2.3\0");
  const inner = { "00081150": { vr: "UI", Value: ["1.2.3"] } };

  it.each([
    ["of stated length", sequence("00081140", item(name), item(name))],
    ["of undefined length", openSequence("00081140", item(name), item(name))],
    ["with items of undefined length", sequence("00081140", openItem(name), openItem(name))],
    ["with both undefined", openSequence("00081140", openItem(name), openItem(name))],
  ])("%s", async (_what, bytes) => {
    const found = await read(explicitFile(bytes));
    expect(found.dataset["00081140"]).toEqual({ vr: "SQ", Value: [inner, inner] });
    expect(codes(found)).toEqual([]);
  });

  it("empty, and with an empty item", async () => {
    const found = await read(explicitFile(sequence("00081115"), openSequence("00081140", item())));
    expect(found.dataset["00081115"]).toEqual({ vr: "SQ" });
    expect(found.dataset["00081140"]).toEqual({ vr: "SQ", Value: [{}] });
  });

  it("nested and private, with a private creator", async () => {
    const creator = element("00091001", "UN", "x ");
    const nested = openSequence("00091002", openItem(element("00090010", "LO", "ACME"), creator));
    const found = await read(
      explicitFile(element("00090010", "LO", "ACME"), sequence("00091001", item(nested))),
    );
    const [first] = found.dataset["00091001"]?.Value ?? [];
    expect(first).toEqual({
      "00091002": {
        vr: "SQ",
        Value: [
          { "00090010": { vr: "LO", Value: ["ACME"] }, "00091001": { vr: "UN", InlineBinary: "eCA=" } },
        ],
      },
    });
  });

  it("private and of undefined length in implicit VR", async () => {
    const body = implicitLittle.element("00090010", "LO", "ACME");
    const nested = implicitLittle.openSequence("00091002", implicitLittle.openItem(body));
    const found = await read(fileOf(IMPLICIT_LITTLE, nested));
    expect(found.dataset["00091002"]).toEqual({
      vr: "SQ",
      Value: [{ "00090010": { vr: "LO", Value: ["ACME"] } }],
    });
  });

  it.each([
    [EXPLICIT_LITTLE, explicitLittle],
    [EXPLICIT_BIG, explicitBig],
  ] as const)("UN of undefined length holds implicit little endian, also in %s", async (uid, encoder) => {
    const inside = implicitLittle.openSequence(
      "00082112",
      implicitLittle.openItem(implicitLittle.us("00280010", 258)),
    );
    const value = inside.subarray(8);
    const bytes = fileOf(uid, encoder.element("00082112", "UN", value, OPEN), encoder.us("00280011", 772));
    const found = await read(bytes);
    expect(found.dataset["00082112"]).toEqual({
      vr: "SQ",
      Value: [{ "00280010": { vr: "US", Value: [258] } }],
    });
    expect(found.dataset["00280011"]?.Value).toEqual([772]);
  });

  it("what the dictionary calls a sequence may be a plain value in an old draft's object", async () => {
    const old = implicitLittle.element("0040A170", "CS", "PENDING ");
    const found = await read(fileOf(IMPLICIT_LITTLE, old));
    expect(found.dataset["0040A170"]?.vr).toBe("UN");
    expect(codes(found)).toEqual(["SEQUENCE_WITHOUT_ITEMS"]);
  });

  it("without its end mark at the end of the file it is kept, and said", async () => {
    const open = openSequence("00081140", item(name)).subarray(0, -8);
    const found = await read(explicitFile(open));
    expect(found.dataset["00081140"]?.Value).toEqual([inner]);
    expect(codes(found)).toEqual(["SEQUENCE_NOT_ENDED"]);
  });

  it("without its end mark inside an item of stated length it ends there, however the bytes come", async () => {
    const open = openSequence("00081140", item(name)).subarray(0, -8);
    const tail = element("00204000", "LT", "x".repeat(60_000));
    const bytes = explicitFile(sequence("00081115", item(open)), tail);
    for (const size of [bytes.length, 1000]) {
      const found = await readPart10(inPieces(bytes, size));
      const [outer] = found.dataset["00081115"]?.Value ?? [];
      expect(outer).toEqual({ "00081140": { vr: "SQ", Value: [inner] } });
      expect(found.dataset["00204000"]).toBeDefined();
      expect(codes(found)).toEqual(["SEQUENCE_NOT_ENDED"]);
    }
  });

  it("an item without its end mark inside a sequence of stated length ends there", async () => {
    const open = openItem(name).subarray(0, -8);
    const found = await read(explicitFile(sequence("00081140", open), us("00280010", 2)));
    expect(found.dataset["00081140"]?.Value).toEqual([inner]);
    expect(found.dataset["00280010"]?.Value).toEqual([2]);
    expect(codes(found)).toEqual(["ITEM_NOT_ENDED"]);
  });

  it.each([
    [
      "an element longer than its item",
      sequence("00081140", item(element("00081150", "UI", "1.2.3\0", 40))),
      "TRUNCATED",
    ],
    ["a head across the end of its item", sequence("00081140", item(Buffer.alloc(6))), "TRUNCATED"],
    ["something else than an item", sequence("00081140", name), "MALFORMED"],
    [
      "an end of the sequence inside an item",
      openSequence("00081140", openItem(explicitLittle.mark("FFFEE0DD", 0))),
      "MALFORMED",
    ],
  ])("%s is refused", async (_what, bytes, code) => {
    const tail = element("00204000", "LT", "x".repeat(200));
    await expect(read(explicitFile(bytes, tail))).rejects.toMatchObject({ code });
  });

  it("an icon's encapsulated pixels inside a sequence are passed over", async () => {
    const icon = element("7FE00010", "OB", fragmentsOf([], [PIXELS]), OPEN);
    const found = await read(
      explicitFile(sequence("00880200", item(us("00280010", 2), icon)), us("00280011", 4)),
    );
    const [first] = found.dataset["00880200"]?.Value ?? [];
    expect(first).toMatchObject({ "00280010": { Value: [2] }, "7FE00010": { vr: "OB" } });
    expect(found.pixelData).toBeUndefined();
  });
});

describe("elements", () => {
  it("an odd length is read as it stands, and said", async () => {
    const found = await read(explicitFile(element("00080060", "CS", "CTX"), us("00280010", 5)));
    expect(found.dataset["00080060"]?.Value).toEqual(["CTX"]);
    expect(found.dataset["00280010"]?.Value).toEqual([5]);
    expect(codes(found)).toEqual(["ODD_LENGTH"]);
  });

  it("group lengths and padding are left out of the data set", async () => {
    const found = await read(
      explicitFile(
        element("00080000", "UL", explicitLittle.u32(10)),
        element("00080060", "CS", "CT"),
        element("FFFCFFFC", "OB", Buffer.alloc(64)),
      ),
    );
    expect(Object.keys(found.dataset)).toEqual(["00080060"]);
  });

  it("a data set cut anywhere in its header is refused as TRUNCATED", async () => {
    const whole = explicitFile(
      element("00080060", "CS", "CT"),
      sequence("00081140", item(us("00280010", 1))),
    );
    const start = whole.length - (10 + 12 + 8 + 10);
    for (let end = start + 1; end < whole.length; end += 1) {
      if (end === start + 10) continue;
      await expect(read(whole.subarray(0, end)), `cut at ${end}`).rejects.toMatchObject({
        code: "TRUNCATED",
      });
    }
  });

  it("an object without pixels (a report) has none", async () => {
    const found = await read(explicitFile(element("00080060", "CS", "SR")));
    expect(found.pixelData).toBeUndefined();
  });

  it("a header over the limit is refused with its code", async () => {
    const bytes = explicitFile(element("00091001", "OB", Buffer.alloc(300_000)));
    await expect(readPart10(streamOf(bytes), { maxHeaderBytes: 64 * 1024 })).rejects.toMatchObject({
      code: "HEADER_TOO_LARGE",
      kind: "too_large",
    });
  });
});
