import { describe, expect, it } from "vitest";
import type { DicomJson } from "../types.ts";
import { decompositionsFor, type Packable, STAYS, type StaysCode, whyStays } from "./packable.ts";

const CT: Record<string, number | string> = {
  "00280002": 1,
  "00280004": "MONOCHROME2",
  "00280100": 16,
  "00280101": 12,
  "00280102": 11,
  "00280103": 0,
};
const headerOf = (values: Record<string, number | string | undefined>): DicomJson =>
  Object.fromEntries(
    Object.entries(values).flatMap(([tag, value]) =>
      value === undefined ? [] : [[tag, { vr: typeof value === "string" ? "CS" : "US", Value: [value] }]],
    ),
  );
const RGB = { "00280002": 3, "00280004": "RGB", "00280006": 0, "00280100": 8, "00280101": 8, "00280102": 7 };
const S = "1.2.840.10008.1.2";

type Case = [
  says: string,
  values: Record<string, number | string | undefined>,
  more: Partial<Packable>,
  why: StaysCode | undefined,
];
const CASES: readonly Case[] = [
  ["a CT of 12 bits in 16", {}, {}, undefined],
  ["a signed MR", { "00280103": 1, "00280101": 16, "00280102": 15 }, {}, undefined],
  [
    "MONOCHROME1 of 8 bits",
    { "00280004": "MONOCHROME1", "00280100": 8, "00280101": 8, "00280102": 7 },
    {},
    undefined,
  ],
  ["RGB, its colours side by side", RGB, {}, undefined],
  ["implicit little endian", {}, { transferSyntaxUid: S }, undefined],
  ["big endian", {}, { transferSyntaxUid: `${S}.2` }, undefined],
  ["JPEG lossless", {}, { transferSyntaxUid: `${S}.4.70` }, undefined],
  ["JPEG 2000 without loss", {}, { transferSyntaxUid: `${S}.4.90` }, undefined],
  ["no image", {}, { numberOfFrames: 0 }, "no-pixels"],
  [
    "float pixels",
    { "00280100": 32, "00280101": 32, "00280102": undefined, "00280103": undefined },
    {},
    "float-pixels",
  ],
  ["32 bits", { "00280100": 32, "00280101": 32, "00280102": 31 }, {}, "depth"],
  ["8 bits with a sign", { "00280100": 8, "00280101": 8, "00280102": 7, "00280103": 1 }, {}, "depth"],
  ["one bit", { "00280100": 1, "00280101": 1, "00280102": 0 }, {}, "one-bit"],
  ["values that don't begin at the lowest bit", { "00280102": 15 }, {}, "stray-bits"],
  ["a palette", { "00280004": "PALETTE COLOR" }, {}, "palette"],
  ["RGB in planes", { ...RGB, "00280006": 1 }, {}, "colour-form"],
  ["YBR_FULL", { ...RGB, "00280004": "YBR_FULL" }, {}, "colour-form"],
  ["RGB of 16 bits", { ...RGB, "00280100": 16, "00280101": 16, "00280102": 15 }, {}, "colour-form"],
  ["JPEG baseline", {}, { transferSyntaxUid: `${S}.4.50` }, "lossy-source"],
  ["JPEG 2000 that may have loss", {}, { transferSyntaxUid: `${S}.4.91` }, "lossy-source"],
  ["HTJ2K that may have loss", {}, { transferSyntaxUid: `${S}.4.203` }, "lossy-source"],
  ["video", {}, { transferSyntaxUid: `${S}.4.102` }, "lossy-source"],
  ["a deflated data set", {}, { transferSyntaxUid: `${S}.1.99`, encoding: "deflate" }, "unread-syntax"],
  ["a syntax of somebody's own", {}, { transferSyntaxUid: "1.2.3" }, "unread-syntax"],
];

describe("what goes into the pack of its series", () => {
  it.each(CASES)("%s", (_says, values, more, why) => {
    const header = headerOf({ ...CT, ...values });
    const object: Packable = {
      transferSyntaxUid: `${S}.1`,
      encoding: "plain",
      numberOfFrames: 1,
      header,
      ...more,
    };
    expect(whyStays(object)).toBe(why);
  });

  it("what stays has a reason that a person can read", () => {
    for (const reason of Object.values(STAYS)) expect(reason).toMatch(/^[A-Z].*\.$/);
  });
});

describe("how often a frame is halved", () => {
  it.each([
    [512, 512, 3],
    [4096, 3328, 5],
    [20_000, 20_000, 5],
    [128, 2048, 1],
    [64, 64, 0],
    [3, 5, 0],
  ])("%i × %i: %i times, to a lowest side of 64 or more where it has one", (rows, columns, times) => {
    expect(decompositionsFor(rows, columns)).toBe(times);
  });
});
