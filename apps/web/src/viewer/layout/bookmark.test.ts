import type { Hanging, HungStep } from "@weald/core/hanging";
import { describe, expect, it } from "vitest";
import { arrange, keyOf, type Slot } from "./arrangement.ts";
import { missingIn, notePlaces, placeNow, stepOf } from "./bookmark.ts";
import type { CellState, Places } from "./cell-state.ts";

const slot = (seriesId: string, more: object = {}): Slot => ({
  kind: "hung",
  hung: { studyId: "s", seriesId, ...more },
});
const step = (name: string): HungStep => ({ name, rows: 1, columns: 1, places: [] });
const steps = [step("CC"), step("MLO")];
const hanging: Hanging = {
  ...{ protocolId: "mammography", name: "Mammography", isBySide: true, isOneScale: true },
  ...{ isUnflipped: true, steps, unplaced: [], listed: [] },
};
const begins = arrange(1, 1, [slot("a")]);

function cell(index: number, more: { isReady?: boolean; zoom?: number } = {}): CellState {
  const { isReady = true, zoom = 1 } = more;
  return {
    hung: { studyId: "s", seriesId: "a" },
    frame: { instance: { instanceId: `i${index}` }, frame: 1 },
    shown: { index, isInverted: false },
    controller: {
      view: () => ({ zoom, x: 0, y: 0 }),
      look: () => ({ zoom, middle: { column: 1, row: 1 } }),
    },
    isReady,
  } as unknown as CellState;
}
const now = (one: CellState, more: Partial<Parameters<typeof placeNow>[0]> = {}) =>
  placeNow({
    ...{ arrangement: begins, cells: new Map([[0, one]]), hanging, step: hanging.steps[0] ?? step("CC") },
    begins,
    ...more,
  });

describe("where a reader stands", () => {
  it("is the start while the first image of what hangs is as it was fitted", () =>
    expect(now(cell(0))).toBe("start"));

  it("is a place at another image, nearer, in another layout, or in another step", () => {
    expect(now(cell(3))).toMatchObject({
      view: { panes: [{ seriesId: "a", instanceId: "i3", frame: 1 }] },
      step: { protocolId: "mammography", name: "CC" },
    });
    expect(now(cell(0, { zoom: 2 }))).toMatchObject({ view: { panes: [{ zoom: 2 }] } });
    expect(now(cell(0), { arrangement: arrange(1, 2, [slot("a")]) })).toMatchObject({ view: { columns: 2 } });
    expect(now(cell(0), { step: hanging.steps[1] ?? step("MLO") })).toMatchObject({ step: { name: "MLO" } });
  });

  it("isn't said while the picture is on its way, nor of planes that are computed here", () => {
    expect(now(cell(3, { isReady: false }))).toBe("unsaid");
    expect(now(cell(3), { arrangement: arrange(1, 1, [slot("a", { cut: "along" })]) })).toBe("unsaid");
  });
});

describe("where a reader stopped", () => {
  const view = {
    ...{ kind: "view" as const, rows: 1, columns: 2, active: 0 },
    panes: [
      { studyId: "s", seriesId: "a", instanceId: "i3", frame: 2 },
      { studyId: "prior", seriesId: "b" },
    ],
  };

  it("is in its step where the protocol still has it, else in the first", () => {
    const place = (name: string, protocolId = "mammography") => ({ view, step: { protocolId, name } });
    expect(
      [place("MLO"), place("gone"), place("MLO", "general"), { view }].map((one) => stepOf(one, hanging)),
    ).toEqual([1, 0, 0, 0]);
  });

  it("begins each viewport at the image that was on it", () => {
    const places: Places = new Map();
    notePlaces(places, view, arrange(1, 2, [slot("a"), slot("b")]));
    expect([...places]).toEqual([
      [keyOf({ studyId: "s", seriesId: "a" }), { index: 0, at: { instanceId: "i3", frame: 2 } }],
    ]);
  });

  it("names the studies that hung there and aren't open, each once", () => {
    expect(missingIn({ view }, ["s"])).toEqual(["prior"]);
    expect(missingIn({ view }, ["s", "prior"])).toEqual([]);
  });
});
