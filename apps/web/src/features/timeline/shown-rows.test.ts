import { describe, expect, it } from "vitest";
import { chosenIn, compareHref, type Row, searchOf, shownOf, yearsOf } from "./shown-rows.ts";

const row = (studyId: string, studyDate: string | undefined, more: Partial<Row> = {}): Row => ({
  studyId,
  studyDate,
  studiedAt: undefined,
  custodian: "RXC",
  studyInstanceUid: "1.2",
  patientId: "p",
  modalities: ["CT"],
  bodyParts: [],
  regions: ["chest"],
  side: { images: [], request: undefined, report: undefined, warning: undefined },
  description: undefined,
  accessionNumber: undefined,
  site: undefined,
  isOutside: false,
  sourceName: undefined,
  copies: [],
  reportState: "none-received",
  report: undefined,
  seriesCount: 1,
  imageCount: 1,
  completeness: { state: "quiet", text: "1 image, quiet, not confirmed" },
  firstSeriesId: undefined,
  pictures: [],
  isNew: false,
  news: [],
  isMasked: false,
  ...more,
});

describe("the rows of a timeline", () => {
  const rows = [
    row("a", "2026-02-01"),
    row("b", "2026-01-01", { modalities: ["DX", "SR"], regions: ["knee"] }),
    row("c", "2019-01-01"),
    row("d", undefined),
  ];
  it("stand by year, what has no date apart", () => {
    expect(yearsOf(rows).map(({ year, rows: of }) => [year, of.length])).toEqual([
      ["2026", 2],
      ["2019", 1],
      ["No date", 1],
    ]);
  });
  it("are chosen by modality and part of the body, and the address says how", () => {
    const chosen = { modality: "DX", region: "knee" };
    expect(shownOf(rows, chosen).map(({ studyId }) => studyId)).toEqual(["b"]);
    expect(chosenIn(new URLSearchParams(searchOf(chosen)))).toEqual(chosen);
    expect(chosenIn(new URLSearchParams("modality=<script>"))).toEqual({ modality: "", region: "" });
    expect(shownOf(rows, { modality: "", region: "" })).toHaveLength(4);
  });
  it("compare the older as the prior of the newer, whichever was chosen first", () => {
    const [a, , c] = rows;
    expect(a && c && compareHref(a, c)).toBe("/studies/a?prior=c");
    expect(a && c && compareHref(c, a)).toBe("/studies/a?prior=c");
  });
});
