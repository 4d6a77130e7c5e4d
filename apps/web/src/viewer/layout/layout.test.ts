import { describe, expect, it } from "vitest";
import type { FrameSource, OpenedStudy } from "../contract.ts";
import { activate, arrange, hangIn, hungAt, keyOf, regrid, type Slot, step } from "./arrangement.ts";
import { ofOnePatient } from "./same-patient.ts";

const hung = (seriesId: string): Slot => ({ kind: "hung", hung: { studyId: "s", seriesId } });
const source: FrameSource = {
  instances: async () => ({ instances: [] }),
  sign: async () => [],
  displayed: async () => {},
};
const opened = (studyId: string, patientId: string, role: OpenedStudy["role"]): OpenedStudy => ({
  role,
  source,
  study: { studyId, patientId, trustName: "T", dateText: "today", series: [] },
});

describe("a grid of viewports", () => {
  it("has 1 to 4 a side, and empty places where nothing hangs", () => {
    expect(arrange(0, 9, [hung("a")])).toMatchObject({ rows: 1, columns: 4, active: 0 });
    expect(arrange(4, 4, []).slots).toHaveLength(16);
    expect(arrange(2, 2, [hung("a")]).slots.map(({ kind }) => kind)).toEqual([
      "hung",
      "empty",
      "empty",
      "empty",
    ]);
  });

  it("made smaller, still shows what was active, and that is active", () => {
    const was = arrange(2, 2, [hung("a"), hung("b"), hung("c"), hung("d")], 3);
    const is = regrid(was, 1, 1);
    expect(hungAt(is, is.active)?.seriesId).toBe("d");
    expect(hungAt(regrid(activate(was, 1), 1, 2), 1)?.seriesId).toBe("b");
  });

  it("takes a series into one viewport, which is then the active one; the rest stays", () => {
    const is = hangIn(arrange(1, 2, [hung("a"), hung("b")]), 1, { studyId: "s", seriesId: "z" });
    expect(is.slots.map((_, at) => hungAt(is, at)?.seriesId)).toEqual(["a", "z"]);
    expect(is.active).toBe(1);
  });

  it("is gone round by step, and a place that isn't there can't be active", () => {
    const was = arrange(1, 3, []);
    expect(step(was, -1).active).toBe(2);
    expect(step(activate(was, 2), 1).active).toBe(0);
    expect(activate(was, 7)).toBe(was);
  });

  it("two parts of one series are two things", () => {
    const of = { studyId: "s", seriesId: "a" };
    expect(keyOf({ ...of, instanceIds: ["1"] })).not.toBe(keyOf({ ...of, instanceIds: ["2"] }));
  });
});

describe("the viewer shows one patient", () => {
  it("another patient's study is refused beside the one that is read, whichever comes first", () => {
    const [mine, other, older] = [
      opened("1", "p", "current"),
      opened("2", "q", "prior"),
      opened("3", "p", "prior"),
    ];
    for (const order of [
      [mine, other, older],
      [other, older, mine],
    ])
      expect(ofOnePatient(order).refused).toEqual([other]);
    expect(ofOnePatient([mine, other, older]).studies).toEqual([mine, older]);
  });
});
