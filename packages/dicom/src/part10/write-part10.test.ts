import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NATIVE, streamOf } from "../fixtures/elements.ts";
import { DEFLATED, EXPLICIT_LITTLE } from "../transfer-syntax.ts";
import type { DicomJson, DicomJsonAttribute } from "../types.ts";
import { readPart10 } from "./read-part10.ts";
import { writePart10 } from "./write-part10.ts";

const letters = fc.stringMatching(/^[A-Za-zäżΔЛ王小-][A-Za-z0-9 äżΔЛ王小'-]{0,20}[A-Za-zäż王小]$/);
const several = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 4 });
const whole = (min: number, max: number) => fc.integer({ min, max });
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const decimal = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => Number(value.toPrecision(9)));
const name = fc
  .record({ Alphabetic: letters, Ideographic: fc.option(letters), Phonetic: fc.option(letters) })
  .map(({ Alphabetic, Ideographic, Phonetic }) => ({
    Alphabetic,
    ...(Ideographic ? { Ideographic } : {}),
    ...(Phonetic ? { Phonetic } : {}),
  }));
const zeroless = (value: number) => (Object.is(value, -0) ? 0 : value);

const attribute = (vr: string, Value: fc.Arbitrary<NonNullable<DicomJsonAttribute["Value"]>>) =>
  fc.option(
    Value.map((values): DicomJsonAttribute => ({ vr, Value: values })),
    { nil: { vr } },
  );

/** Attributes of every VR that the writer knows, each optional, each perhaps without a value. */
const flat: fc.Arbitrary<DicomJson> = fc
  .record(
    {
      "00080008": attribute("CS", several(fc.stringMatching(/^[A-Z][A-Z0-9 _]{0,10}[A-Z]$/))),
      "00080020": attribute("DA", fc.constant(["20261124"])),
      "00081030": attribute("LO", several(letters)),
      "00081155": attribute("UI", several(fc.stringMatching(/^1(\.[1-9][0-9]{0,4}){1,8}$/))),
      "00100010": attribute("PN", several(name)),
      "00104000": attribute(
        "LT",
        letters.map((text) => [`${text}\\${text}`]),
      ),
      "00200013": attribute("IS", several(whole(-(2 ** 31), 2 ** 31 - 1))),
      "00200032": attribute("DS", several(decimal.map(zeroless))),
      "00280009": attribute("AT", several(fc.stringMatching(/^[0-9A-F]{8}$/))),
      "00280010": attribute("US", several(whole(0, 65_535))),
      "00189219": attribute("SS", several(whole(-32_768, 32_767))),
      "00081161": attribute("UL", several(whole(0, 2 ** 32 - 1))),
      "00186020": attribute("SL", several(whole(-(2 ** 31), 2 ** 31 - 1))),
      "00089459": attribute("FL", several(float.map(zeroless))),
      "00081163": attribute("FD", several(decimal.map(zeroless))),
      "00020102": fc.constant({ vr: "OB", InlineBinary: "AQI=" }),
    },
    { requiredKeys: [] },
  )
  .map(({ "00020102": _binary, ...rest }) => rest as DicomJson);

const nested = (levels: number): fc.Arbitrary<DicomJson> =>
  levels === 0
    ? flat
    : fc
        .tuple(flat, fc.option(fc.array(nested(levels - 1), { maxLength: 3 })))
        .map(
          ([dataset, items]): DicomJson =>
            items
              ? { ...dataset, "00081140": { vr: "SQ", ...(items.length > 0 ? { Value: items } : {}) } }
              : dataset,
        );

const sorted = (dataset: DicomJson): DicomJson =>
  Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => (a < b ? -1 : 1)));

describe("what is written is read again", () => {
  it.each([...NATIVE, DEFLATED])(
    "%s: any data set, with sequences in sequences",
    async (transferSyntaxUid) => {
      await fc.assert(
        fc.asyncProperty(nested(2), async (content) => {
          const dataset = { "00080005": { vr: "CS", Value: ["ISO_IR 192"] }, ...content };
          const read = await readPart10(streamOf(writePart10({ dataset, transferSyntaxUid })));
          expect(sorted(read.dataset)).toEqual(sorted(dataset));
          expect(read.deviations).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
  );

  it("pixels come back byte for byte, native and encapsulated", async () => {
    const picture = fc.tuple(whole(1, 7), whole(1, 7), whole(1, 3)).chain(([rows, columns, frames]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        frames: fc.array(fc.uint8Array({ minLength: rows * columns, maxLength: rows * columns }), {
          minLength: frames,
          maxLength: frames,
        }),
        transferSyntaxUid: fc.constantFrom(EXPLICIT_LITTLE, "1.2.840.10008.1.2.4.80"),
      }),
    );
    await fc.assert(
      fc.asyncProperty(picture, async ({ rows, columns, frames, transferSyntaxUid }) => {
        const dataset: DicomJson = {
          "00280002": { vr: "US", Value: [1] },
          "00280008": { vr: "IS", Value: [frames.length] },
          "00280010": { vr: "US", Value: [rows] },
          "00280011": { vr: "US", Value: [columns] },
          "00280100": { vr: "US", Value: [8] },
        };
        const pixelData = transferSyntaxUid === EXPLICIT_LITTLE ? Buffer.concat(frames) : frames;
        const bytes = writePart10({ dataset, pixelData, transferSyntaxUid });
        const { pixelData: found } = await readPart10(streamOf(bytes));
        // An encapsulated frame of odd length has a pad byte, as the standard wants.
        const read = found?.frames.map(({ offset }) => [...bytes.subarray(offset, offset + rows * columns)]);
        expect(read).toEqual(frames.map((frame) => [...frame]));
      }),
    );
  });

  it("a decimal string never takes more than 16 characters", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: -1e300, max: 1e300, noNaN: true }), async (value) => {
        const dataset: DicomJson = { "00101030": { vr: "DS", Value: [value] } };
        const bytes = Buffer.from(writePart10({ dataset, transferSyntaxUid: EXPLICIT_LITTLE }));
        const text = bytes.toString("latin1", bytes.indexOf("DS", 132, "latin1") + 4).trim();
        expect(text.length).toBeLessThanOrEqual(16);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
      }),
    );
  });

  it("every value has an even length", () => {
    const written = (vr: string, text: string) =>
      writePart10({ dataset: { "00081030": { vr, Value: [text] } }, transferSyntaxUid: EXPLICIT_LITTLE });
    expect(written("LO", "odd").at(-1)).toBe(0x20);
    expect(written("UI", "1.2").at(-1)).toBe(0);
    expect(written("LO", "odd").length % 2).toBe(0);
  });

  it("a value too long for its VR, or one that lies elsewhere, is not written wrongly but refused", () => {
    const write = (attributes: DicomJson) => () =>
      writePart10({ dataset: attributes, transferSyntaxUid: EXPLICIT_LITTLE });
    expect(write({ "00081030": { vr: "LO", Value: ["x".repeat(70_000)] } })).toThrow(RangeError);
    expect(write({ "00091001": { vr: "OB", BulkDataURI: "300:4000" } })).toThrow(RangeError);
  });
});
