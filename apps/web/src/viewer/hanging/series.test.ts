import { describe, expect, it } from "vitest";
import type { ViewerSeries, ViewerStudy } from "../contract.ts";
import { firstSeriesOf } from "./series.ts";

const series = (seriesId: string, modality: string, instanceCount: number): ViewerSeries => ({
  ...{ seriesId, seriesInstanceUid: `1.2.${seriesId}`, modality, instanceCount },
  completeness: { state: "complete", text: "complete" },
});
const study = (all: ViewerSeries[], more: Partial<ViewerStudy> = {}): ViewerStudy => ({
  ...{ studyId: "read", patientId: "p", trustName: "t", dateText: "d", studyDate: "2026-11-26", series: all },
  ...more,
});
const read = (all: ViewerSeries[], description?: string) => ({
  role: "current" as const,
  study: study(all, { description }),
});

describe("the series whose picture will be the first one", () => {
  it("is the one that hangs first by its protocol, not the first that came", () => {
    const all = [series("dose", "SR", 1), series("scout", "CT", 2), series("axial", "CT", 300)];
    expect(firstSeriesOf([read(all, "CT Chest")])).toBe("axial");
  });

  it("is unknown where single images hang: they must be read first", () => {
    expect(firstSeriesOf([read([series("views", "MG", 4)], "XR Mammogram Both")])).toBeUndefined();
  });

  it("is unknown where what hangs first isn't of the study that is read, and where there is nothing to hang", () => {
    const prior = { role: "prior" as const, study: study([series("old", "CT", 300)], { studyId: "old" }) };
    expect(firstSeriesOf([prior])).toBeUndefined();
    expect(firstSeriesOf([read([])])).toBeUndefined();
  });
});
