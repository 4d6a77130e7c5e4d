import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  completenessOfSeries,
  completenessOfStudy,
  missingBetween,
  type SeriesCount,
} from "./completeness.ts";

const series = (more: Partial<SeriesCount> = {}): SeriesCount => ({
  instanceCount: 300,
  missingCount: 0,
  expectedCount: undefined,
  expectedSource: undefined,
  isSettled: true,
  ...more,
});
const counted = (instanceCount: number, expectedCount: number, more: Partial<SeriesCount> = {}) =>
  series({ instanceCount, expectedCount, expectedSource: "the source's count", ...more });

describe("a series says how complete it is", () => {
  const table: readonly { says: string; one: SeriesCount; state: string; text: string }[] = [
    {
      says: "still arriving, no count",
      one: series({ instanceCount: 137, isSettled: false }),
      state: "arriving",
      text: "137 images, arriving",
    },
    {
      says: "still arriving, counted",
      one: counted(137, 300, { isSettled: false }),
      state: "arriving",
      text: "137 of 300, arriving",
    },
    {
      says: "all there and not yet quiet",
      one: counted(300, 300, { isSettled: false }),
      state: "arriving",
      text: "300 images, arriving",
    },
    { says: "the line was cut", one: counted(137, 300), state: "short", text: "137 of 300, short by 163" },
    {
      says: "holes in the row",
      one: series({ instanceCount: 17, missingCount: 3 }),
      state: "short",
      text: "17 images, 3 missing between them",
    },
    {
      says: "the count is reached and holes are in the row",
      one: counted(20, 20, { missingCount: 1 }),
      state: "short",
      text: "20 images, 1 missing between them",
    },
    {
      says: "the count is reached",
      one: counted(300, 300),
      state: "complete",
      text: "300 images, complete by the source's count",
    },
    { says: "nobody counted", one: series(), state: "quiet", text: "300 images, quiet, not confirmed" },
    {
      says: "one image, nobody counted",
      one: series({ instanceCount: 1 }),
      state: "quiet",
      text: "1 image, quiet, not confirmed",
    },
    {
      says: "more than was counted: the count was of something else",
      one: counted(12, 10),
      state: "quiet",
      text: "12 images, quiet, not confirmed",
    },
  ];
  it.each(table)("$says: $text", ({ one, state, text }) =>
    expect(completenessOfSeries(one)).toEqual({ state, text }),
  );
});

describe("a study is as complete as its least complete series", () => {
  const check = { source: "a radiographer's check", count: 302 };
  const table: readonly {
    says: string;
    of: SeriesCount[];
    checked?: typeof check;
    state: string;
    text: string;
  }[] = [
    {
      says: "every series by its count",
      of: [counted(300, 300), counted(2, 2)],
      state: "complete",
      text: "302 images, complete by the source's count",
    },
    {
      says: "one series nobody counted",
      of: [counted(300, 300), series({ instanceCount: 2 })],
      state: "quiet",
      text: "302 images, quiet, not confirmed",
    },
    {
      says: "the same, checked by a radiographer",
      of: [counted(300, 300), series({ instanceCount: 2 })],
      checked: check,
      state: "complete",
      text: "302 images, complete by a radiographer's check",
    },
    {
      says: "one image came after the check",
      of: [counted(300, 300), series({ instanceCount: 3 })],
      checked: check,
      state: "quiet",
      text: "303 images, quiet, not confirmed",
    },
    {
      says: "short, and a check doesn't help",
      of: [counted(137, 300), series({ instanceCount: 165 })],
      checked: check,
      state: "short",
      text: "302 of 465, short by 163",
    },
    {
      says: "one still arriving, and a check doesn't help",
      of: [counted(300, 300), series({ instanceCount: 2, isSettled: false })],
      checked: check,
      state: "arriving",
      text: "302 images, arriving",
    },
    {
      says: "holes count as short",
      of: [series({ instanceCount: 17, missingCount: 3 })],
      state: "short",
      text: "17 of 20, short by 3",
    },
    { says: "no series at all", of: [], state: "quiet", text: "0 images, quiet, not confirmed" },
  ];
  it.each(table)("$says: $text", ({ of, checked, state, text }) =>
    expect(completenessOfStudy(of, checked)).toEqual({ state, text }),
  );
});

const anySeries = fc.record({
  instanceCount: fc.integer({ min: 1, max: 20 }),
  missingCount: fc.constantFrom(0, 0, 0, 1, 3),
  expectedCount: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  expectedSource: fc.constantFrom(undefined, "the source's count"),
  isSettled: fc.boolean(),
});
const anyConfirmation = fc.option(
  fc.record({ source: fc.constant("a radiographer's check"), count: fc.integer({ min: 1, max: 60 }) }),
  { nil: undefined },
);

describe("whatever arrived", () => {
  it("the incomplete never says complete, in a word or in a state", () => {
    fc.assert(
      fc.property(
        fc.array(anySeries, { minLength: 1, maxLength: 4 }),
        anyConfirmation,
        (all, confirmation) => {
          const isShort = all.some(
            (one) => !one.isSettled || one.missingCount > 0 || one.instanceCount < (one.expectedCount ?? 0),
          );
          const total = all.reduce((sum, one) => sum + one.instanceCount, 0);
          const isVouched =
            all.every((one) => one.expectedCount === one.instanceCount) || confirmation?.count === total;
          const said = completenessOfStudy(all, confirmation);
          const saysComplete = said.state === "complete" || /complete by/.test(said.text);
          expect(saysComplete).toBe(!isShort && isVouched);
        },
      ),
      { numRuns: 5000 },
    );
  });
  it("a study that says complete has no series that is short or arriving", () => {
    fc.assert(
      fc.property(
        fc.array(anySeries, { minLength: 1, maxLength: 4 }),
        anyConfirmation,
        (all, confirmation) => {
          if (completenessOfStudy(all, confirmation).state !== "complete") return;
          for (const one of all) expect(["complete", "quiet"]).toContain(completenessOfSeries(one).state);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

const at = (instanceNumber: number | undefined, slicePosition?: number) => ({
  instanceNumber,
  slicePosition,
});
const row = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("gaps inside a series", () => {
  const table: readonly { says: string; of: ReturnType<typeof at>[]; missing: number }[] = [
    { says: "none", of: row(1, 20).map((n) => at(n)), missing: 0 },
    { says: "a row that begins at 0 or 101", of: row(101, 120).map((n) => at(n)), missing: 0 },
    {
      says: "three numbers",
      of: row(1, 20)
        .filter((n) => ![7, 8, 13].includes(n))
        .map((n) => at(n)),
      missing: 3,
    },
    {
      says: "two slices of an even stack without numbers",
      of: row(0, 19)
        .filter((n) => ![5, 6].includes(n))
        .map((n) => at(undefined, n * 5)),
      missing: 2,
    },
    {
      says: "a slice where the numbers have no gap",
      of: row(0, 19)
        .filter((n) => n !== 5)
        .map((n, index) => at(index + 1, n * 1.25)),
      missing: 1,
    },
    { says: "numbers in hundreds say nothing", of: [at(100), at(200), at(300)], missing: 0 },
    { says: "one object", of: [at(7, 3)], missing: 0 },
    { says: "no numbers and no positions", of: [at(undefined), at(undefined)], missing: 0 },
    { says: "a number twice is no gap", of: [at(1), at(1), at(2)], missing: 0 },
    { says: "slices in any order", of: [0, 15, 5, 20, 25].map((n) => at(undefined, n)), missing: 1 },
  ];
  it.each(table)("$says: $missing", ({ of, missing }) => expect(missingBetween(of)).toBe(missing));
  it("whatever is cut out of the middle of a numbered row is found", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 120 }), fc.nat(), fc.nat(), (length, from, count) => {
        const begin = 1 + (from % (length - 6)) + 1;
        const cut = 1 + (count % Math.max(1, Math.min(length - begin - 1, Math.floor(length / 3))));
        const left = row(1, length).filter((n) => n < begin || n >= begin + cut);
        expect(missingBetween(left.map((n) => at(n)))).toBe(cut);
      }),
    );
  });
});
