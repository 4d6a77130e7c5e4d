import { describe, expect, it } from "vitest";
import { arrange } from "../layout/arrangement.ts";
import type { View } from "./contract.ts";
import { arrangementOfView, viewOf } from "./view-link.ts";

const pane = {
  studyId: "s",
  seriesId: "a",
  instanceId: "i",
  frame: 2,
  zoom: 2,
  middle: { column: 1, row: 2 },
};
const view: View = { kind: "view", rows: 1, columns: 2, active: 1, panes: [null, pane] };
const study = { study: { studyId: "s", series: [{ seriesId: "a" }] } };

describe("a link to a view", () => {
  it("holds layout, series, image, window and look of each viewport, and no word of a patient", () => {
    const cell = {
      hung: { studyId: "s", seriesId: "a" },
      frame: { instance: { instanceId: "i" }, frame: 2 },
      shown: { isInverted: true, window: { center: 40, width: 400 } },
      controller: { look: () => ({ zoom: 2, middle: { column: 1, row: 2 } }) },
      opened: { study: { description: "XR Chest", trustName: "Royal Surrey" } },
    };
    const made = viewOf(arrange(1, 2, [], 1), new Map([[1, cell]]) as never);
    expect(made).toEqual({
      ...view,
      panes: [null, { ...pane, isInverted: true, window: { center: 40, width: 400 } }],
    });
  });

  it("hangs what it held, where the reader may see it; else the place stays empty and says why", () => {
    const { slots, active } = arrangementOfView(view, [study]);
    expect(active).toBe(1);
    expect(slots).toMatchObject([{ kind: "empty" }, { kind: "hung", hung: { studyId: "s", seriesId: "a" } }]);
    expect(arrangementOfView(view, []).slots[1]).toMatchObject({
      kind: "missing",
      text: /isn't open to you/,
    });
    expect(arrangementOfView(view, [{ study: { studyId: "s", series: [] } }]).slots[1]).toMatchObject({
      kind: "missing",
    });
  });
});
