import { describe, expect, it } from "vitest";
import type { Header } from "../../contract.ts";
import { sampleFrame } from "../../frames/sample-instance.ts";
import { greysOf, plainOf, valuesOf } from "./plain.ts";

const us = (...Value: number[]) => ({ vr: "US", Value });
const ds = (...Value: number[]) => ({ vr: "DS", Value });
const cs = (...Value: string[]) => ({ vr: "CS", Value });

/** A CT of two pixels by one, in Hounsfield units from stored values of 12 bits. */
const CT: Header = {
  ...{ "00080060": cs("CT"), "00280004": cs("MONOCHROME2"), "00280002": us(1) },
  ...{ "00280010": us(1), "00280011": us(2) },
  ...{ "00280100": us(16), "00280101": us(12), "00280102": us(11), "00280103": us(0) },
  ...{ "00281052": ds(-1024), "00281053": ds(1), "00281050": ds(40), "00281051": ds(400) },
};
const frameOf = (header: Header, syntax = "1.2.840.10008.1.2.1") => {
  const frame = sampleFrame(header, 1);
  return { ...frame, instance: { ...frame.instance, transferSyntaxUid: syntax } };
};
const shown = (header: Header, words: readonly number[]): number[] => {
  const frame = frameOf(header);
  const plain = plainOf(frame);
  if (!plain) throw new Error("not plain");
  const bytes = new Uint8Array(plain.bytes === 1 ? words : new Uint8Array(Uint16Array.from(words).buffer));
  const values = valuesOf(bytes, frame, plain);
  const greys = greysOf(plain);
  return Array.from({ length: words.length }, (_, at) => greys[(values[at] ?? 0) & (greys.length - 1)] ?? -1);
};

describe("the greys of a plain picture", () => {
  it("are a line and a window of PS3.3 §C.11.2.1.2: half grey just below the centre, black and white at its ends", () => {
    const stored = (hounsfield: number) => hounsfield + 1024;
    expect(shown(CT, [stored(39), stored(40)])).toEqual([127, 128]);
    expect(shown(CT, [stored(-161), stored(240)])).toEqual([0, 255]);
  });

  it("are turned where white comes first", () => {
    expect(shown({ ...CT, "00280004": cs("MONOCHROME1") }, [0, 4095])).toEqual([255, 0]);
  });

  it("are of the stored bits alone, with their sign", () => {
    const signed = { ...CT, "00280103": us(1), "00281052": ds(0) };
    // -161 and 240 in 12 bits, with something older above them.
    expect(shown(signed, [0x7000 | (0xfff & -161), 0x3000 | 240])).toEqual([0, 255]);
    const bytes = { ...CT, "00280100": us(8), "00280101": us(8), "00280102": us(7), "00281052": ds(0) };
    expect(shown({ ...bytes, "00281050": ds(128), "00281051": ds(256) }, [0, 255])).toEqual([0, 255]);
  });

  it("follow each frame's own line and window in an enhanced object", () => {
    const own = (center: number) => ({
      "00289132": { vr: "SQ", Value: [{ "00281050": ds(center), "00281051": ds(2) }] },
      "00289145": { vr: "SQ", Value: [{ "00281052": ds(1), "00281053": ds(2) }] },
    });
    const enhanced = { ...CT, "52009230": { vr: "SQ", Value: [own(10), own(100)] } };
    const second = plainOf({ ...frameOf(enhanced), frame: 2 });
    expect(second).toMatchObject({ slope: 2, intercept: 1, window: { center: 100, width: 2 } });
  });
});

describe("a picture that is more than that is left to the engine", () => {
  const table = { vr: "SQ", Value: [{}] };
  it.each<[string, Header, string?]>([
    ["compressed", CT, "1.2.840.10008.1.2.4.70"],
    ["most significant byte first", CT, "1.2.840.10008.1.2.2"],
    ["in colour", { ...CT, "00280002": us(3), "00280004": cs("RGB") }],
    ["by a palette", { ...CT, "00280004": cs("PALETTE COLOR") }],
    ["through a modality table", { ...CT, "00283000": table }],
    ["through a VOI table", { ...CT, "00283010": table }],
    ["through a presentation table", { ...CT, "20500010": table }],
    ["in an inverse shape", { ...CT, "20500020": cs("INVERSE") }],
    ["without a window", { ...CT, "00281050": ds(), "00281051": ds() }],
    ["with a window of no width", { ...CT, "00281051": ds(0) }],
    ["in units that are worked out", { ...CT, "00080060": cs("PT") }],
    ["of one bit a pixel", { ...CT, "00280100": us(1) }],
    ["larger than what a telephone draws", { ...CT, "00280010": us(5000), "00280011": us(4000) }],
    ["shorter than it says", { ...CT, "00280010": us(2) }],
  ])("%s", (_what, header, syntax) => {
    expect(plainOf(frameOf(header, syntax))).toBeUndefined();
  });

  it("and an identity is no shape", () => {
    expect(plainOf(frameOf({ ...CT, "20500020": cs("IDENTITY") }))).toMatchObject({ slope: 1, aspect: 1 });
    expect(plainOf(frameOf({ ...CT, "00280030": ds(2, 1) }))?.aspect).toBe(0.5);
    const own = { "00289110": { vr: "SQ", Value: [{ "00280030": ds(1, 3) }] } };
    expect(plainOf(frameOf({ ...CT, "52009229": { vr: "SQ", Value: [own] } }))?.aspect).toBe(3);
  });
});
