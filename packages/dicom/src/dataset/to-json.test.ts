import { describe, expect, it } from "vitest";
import { type Encoder, encoderFor, explicitLittle, fileOf, NATIVE, streamOf } from "../fixtures/elements.ts";
import { readPart10 } from "../part10/read-part10.ts";
import { EXPLICIT_BIG, EXPLICIT_LITTLE } from "../transfer-syntax.ts";

async function attribute(tag: string, vr: string, value: Uint8Array | string) {
  const file = fileOf(EXPLICIT_LITTLE, explicitLittle.element(tag, vr, value));
  return (await readPart10(streamOf(file))).dataset[tag];
}

const numbersIn = ({ element, u16, u32 }: Encoder) => [
  element("00280010", "US", Buffer.concat([u16(1), u16(65_535)])),
  element("00280106", "US", u16(0xfffe)),
  element("00280009", "AT", Buffer.concat([u16(0x0018), u16(0x1063)])),
  element("00720064", "IS", "-7"),
  element("0018605A", "FL", u32(0x3fc00000)),
  element("00081163", "FD", Buffer.alloc(8)),
  element("00720072", "DS", "1.5\\-2e3 "),
];

describe("values in the JSON model", () => {
  it.each(NATIVE)("numbers are numbers, tags are hex, whatever the byte order (%s)", async (uid) => {
    const { dataset } = await readPart10(streamOf(fileOf(uid, ...numbersIn(encoderFor(uid)))));
    expect(dataset).toEqual({
      "00280010": { vr: "US", Value: [1, 65_535] },
      "00280106": { vr: "US", Value: [65_534] },
      "00280009": { vr: "AT", Value: ["00181063"] },
      "00720064": { vr: "IS", Value: [-7] },
      "0018605A": { vr: "FL", Value: [1.5] },
      "00081163": { vr: "FD", Value: [0] },
      "00720072": { vr: "DS", Value: [1.5, -2000] },
    });
  });

  it.each([
    ["SS", Buffer.from([0xfe, 0xff]), [-2]],
    ["SL", Buffer.from([0xfe, 0xff, 0xff, 0xff]), [-2]],
    ["UL", Buffer.from([0xfe, 0xff, 0xff, 0xff]), [4_294_967_294]],
    ["SV", Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), [-2]],
    ["UV", Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), ["18446744073709551615"]],
    ["FD", Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x7f]), ["Infinity"]],
    ["FL", Buffer.from([0, 0, 0xc0, 0x7f]), ["NaN"]],
  ])("%s: sign, range and what JSON can't hold", async (vr, bytes, expected) => {
    expect(await attribute("00091001", vr, bytes)).toEqual({ vr, Value: expected });
  });

  it.each([
    ["LO", "00081030", " Chest PA ", ["Chest PA"]],
    ["LO", "00081030", "One\\ Two\\", ["One", "Two", null]],
    ["LT", "00204000", "a\\b  ", ["a\\b"]],
    ["LT", "00204000", "  indented", ["  indented"]],
    ["UI", "00081155", "1.2.3\0", ["1.2.3"]],
    ["CS", "00080008", "ORIGINAL\\\\AXIAL", ["ORIGINAL", null, "AXIAL"]],
    ["DS", "00200032", "1.5\\x\\ \\.5\\5.\\+3", [1.5, "x", null, 0.5, 5, 3]],
    ["IS", "00200013", " 12 ", [12]],
    ["DA", "00080020", "1997.04.24", ["1997.04.24"]],
    ["PN", "00100010", "Alder^Rowan\\ ", [{ Alphabetic: "Alder^Rowan" }, null]],
    ["PN", "00100010", "=\u00b5^ ", [{ Ideographic: "µ^" }]],
  ])("%s %s %j", async (vr, tag, text, expected) => {
    expect(await attribute(tag, vr, text)).toEqual({ vr, Value: expected });
  });

  it.each(["LO", "PN", "DS", "UI", "US", "OB", "AT", "UN"])("an empty %s has no value", async (vr) => {
    expect(await attribute("00091001", vr, "")).toEqual({ vr });
    if (vr === "LO" || vr === "PN") expect(await attribute("00091001", vr, "  ")).toEqual({ vr });
  });

  it("binary stands in the header when short, and is referred to by its range when long", async () => {
    expect(await attribute("00091001", "OB", Buffer.from([1, 2]))).toEqual({
      vr: "OB",
      InlineBinary: "AQI=",
    });
    const long = Buffer.from(Array.from({ length: 2000 }, (_, index) => index % 251));
    const file = fileOf(EXPLICIT_LITTLE, explicitLittle.element("00091001", "OB", long));
    const { dataset } = await readPart10(streamOf(file));
    const [offset, length] = (dataset["00091001"]?.BulkDataURI ?? "").split(":").map(Number);
    expect(file.subarray(offset, (offset ?? 0) + (length ?? 0)).equals(long)).toBe(true);
  });

  it("inline binary of a big endian object is little endian, as the model wants", async () => {
    const { element } = encoderFor(EXPLICIT_BIG);
    const file = fileOf(EXPLICIT_BIG, element("00091001", "OW", Buffer.from([1, 2, 3, 4])));
    const { dataset } = await readPart10(streamOf(file));
    expect(dataset["00091001"]).toEqual({
      vr: "OW",
      InlineBinary: Buffer.from([2, 1, 4, 3]).toString("base64"),
    });
  });

  it("more text than a header should hold is referred to, none is lost", async () => {
    const page = "x".repeat(1_000_000);
    const elements = ["00091001", "00091002", "00091003"].map((tag) =>
      explicitLittle.element(tag, "UT", page),
    );
    const file = fileOf(EXPLICIT_LITTLE, ...elements, explicitLittle.element("00100020", "LO", "RXC-1 "));
    const { dataset } = await readPart10(streamOf(file));
    expect(dataset["00091001"]?.Value).toEqual([page]);
    const [offset, length] = (dataset["00091003"]?.BulkDataURI ?? "").split(":").map(Number);
    expect(file.toString("latin1", offset, (offset ?? 0) + (length ?? 0))).toBe(page);
    // Short text is never pushed out: an identity stands behind everything.
    expect(dataset["00100020"]?.Value).toEqual(["RXC-1"]);
  });

  it("tags stand in ascending order whatever order they came in", async () => {
    const { element } = explicitLittle;
    const file = fileOf(EXPLICIT_LITTLE, element("00200013", "IS", "1 "), element("00080060", "CS", "CT"));
    expect(Object.keys((await readPart10(streamOf(file))).dataset)).toEqual(["00080060", "00200013"]);
  });
});
