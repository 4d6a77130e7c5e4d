import type { DicomJson } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { applyOverlays, type Overlay } from "./overlay.ts";
import { servedSeries, servedStudy } from "./served.ts";

const original: DicomJson = {
  "00081030": { vr: "LO", Value: ["Chest"] },
  "00180015": { vr: "CS", Value: ["CHEST"] },
  "00200062": { vr: "CS", Value: ["L"] },
};
const overlay = (more: Partial<Overlay>): Overlay => ({
  level: "study",
  targetId: "study",
  version: 1,
  attributes: {},
  reason: "typed at the wrong desk",
  writtenAt: new Date("2026-11-02T09:30:00Z"),
  ...more,
});
const knee = overlay({ attributes: { "00081030": { vr: "LO", Value: ["Knee"] } } });

describe("what is served", () => {
  it("is the original itself where nothing was corrected", () =>
    expect(applyOverlays(original, [])).toBe(original));

  it("is original + overlay, with what stood there, who changed it, when and why in Original Attributes Sequence", () => {
    const served = applyOverlays(original, [knee]);
    expect(served["00081030"]).toEqual({ vr: "LO", Value: ["Knee"] });
    expect(served["04000561"]).toEqual({
      vr: "SQ",
      Value: [
        {
          "04000550": { vr: "SQ", Value: [{ "00081030": { vr: "LO", Value: ["Chest"] } }] },
          "04000562": { vr: "DT", Value: ["20261102093000.000000+0000"] },
          "04000563": { vr: "LO", Value: ["Weald"] },
          "04000564": { vr: "LO" },
          "04000565": { vr: "CS", Value: ["CORRECT"] },
        },
      ],
    });
    expect(Object.keys(served)).toEqual([...Object.keys(served)].sort());
  });
  describe("a side", () => {
    const code = (value: string) => ({ "00080100": { vr: "SH", Value: [value] } });
    const frame = (side: string, ...modifiers: string[]) => ({
      "00209071": {
        vr: "SQ",
        Value: [
          {
            "00082218": {
              vr: "SQ",
              Value: [{ ...code("72696002"), "00082220": { vr: "SQ", Value: modifiers.map(code) } }],
            },
            "00209072": { vr: "CS", Value: [side] },
          },
        ],
      },
    });
    const enhanced: DicomJson = {
      "00200062": { vr: "CS", Value: ["L"] },
      "52009229": { vr: "SQ", Value: [{ "00289110": { vr: "SQ", Value: [{}] } }] },
      "52009230": { vr: "SQ", Value: [frame("L", "7771000", "255551008"), frame("L", "G-A101"), {}] },
    };
    const right = overlay({ level: "instance", attributes: { "00200062": { vr: "CS", Value: ["R"] } } });
    it("is corrected in each frame too, in words and in codes, and what stood there is kept", () => {
      const served = applyOverlays(enhanced, [right]);
      const text = JSON.stringify(served["52009230"]);
      expect(text).not.toMatch(/"L"|7771000|G-A101/);
      expect(text.match(/"00209072":\{"vr":"CS","Value":\["R"\]/g)).toHaveLength(2);
      expect(text.match(/24028007/g)).toHaveLength(2);
      expect(text).toContain("255551008");
      expect(served["52009229"]).toBe(enhanced["52009229"]);
      expect(served["04000561"]?.Value).toMatchObject([
        { "04000550": { Value: [{ "52009230": enhanced["52009230"], "00200062": { Value: ["L"] } }] } },
      ]);
    });
    it("that is taken away is said nowhere", () => {
      const none = overlay({ attributes: { "00200062": { vr: "CS" } } });
      expect(JSON.stringify(applyOverlays(enhanced, [none])["52009230"])).not.toMatch(
        /"Value":\["[LR]"\]|7771000|24028007|G-A101/,
      );
    });
    it("stays in each frame where something else was corrected", () =>
      expect(applyOverlays(enhanced, [knee])["52009230"]).toBe(enhanced["52009230"]));
  });
  it("never changes the original", () => {
    const before = structuredClone(original);
    applyOverlays(original, [knee]);
    expect(original).toEqual(before);
  });
  it("keeps an earlier system's history before its own", () => {
    const history = { "04000563": { vr: "LO", Value: ["PACS"] } };
    const served = applyOverlays({ ...original, "04000561": { vr: "SQ", Value: [history] } }, [knee]);
    expect(served["04000561"]?.Value?.[0]).toEqual(history);
    expect(served["04000561"]?.Value).toHaveLength(2);
  });
  it("says with an empty attribute what wasn't there before", () => {
    const added = overlay({ attributes: { "00200060": { vr: "CS", Value: ["R"] } } });
    const [item] = applyOverlays(original, [added])["04000561"]?.Value ?? [];
    expect(item).toMatchObject({ "04000550": { Value: [{ "00200060": { vr: "CS" } }] } });
  });
  it("is empty where the correction took a value away", () => {
    const emptied = overlay({ attributes: { "00200062": { vr: "CS" } } });
    expect(applyOverlays(original, [emptied])["00200062"]).toEqual({ vr: "CS" });
  });
  it("takes the finer level's word, whatever the order of the rows", () => {
    const rows = [
      overlay({ level: "instance", attributes: { "00180015": { vr: "CS", Value: ["KNEE"] } } }),
      overlay({ level: "study", attributes: { "00180015": { vr: "CS", Value: ["ARM"] } } }),
      overlay({ level: "series", attributes: { "00180015": { vr: "CS", Value: ["LEG"] } } }),
    ];
    for (const order of [rows, [...rows].reverse()])
      expect(applyOverlays(original, order)["00180015"]?.Value).toEqual(["KNEE"]);
  });
});

const study = {
  id: "study",
  custodian: "RXC",
  studyInstanceUid: "1.2",
  patientRecordId: "r",
  patientId: "p",
  studiedAt: undefined,
  studyDate: "2026-11-01",
  description: "Chest",
  accessionNumber: "A1",
  accessionIssuer: undefined,
  site: undefined,
  isOutside: false,
  confirmation: undefined,
};

describe("what the index says of a study and a series", () => {
  it("is the overlay's word where it has one, and the row's elsewhere", () =>
    expect(servedStudy(study, [knee])).toEqual({
      description: "Knee",
      studyDate: "2026-11-01",
      accessionNumber: "A1",
    }));
  it("is empty where the overlay took it away", () => {
    const emptied = overlay({ attributes: { "00081030": { vr: "LO" } } });
    expect(servedStudy(study, [emptied]).description).toBeUndefined();
  });
  it("shows a corrected date as a date", () => {
    const dated = overlay({ attributes: { "00080020": { vr: "DA", Value: ["20251224"] } } });
    expect(servedStudy(study, [dated]).studyDate).toBe("2025-12-24");
  });
  it("is of that series alone", () => {
    const head = {
      id: "one",
      seriesInstanceUid: "1.2.3",
      modality: "DX",
      number: 1,
      description: "PA",
      bodyPart: "CHEST",
      laterality: "L",
      version: 1,
      instanceCount: 1,
      missingCount: 0,
      expectedCount: undefined,
      expectedSource: undefined,
      isSettled: true,
    };
    const leg = overlay({
      level: "series",
      targetId: "one",
      attributes: { "00180015": { vr: "CS", Value: ["LEG"] } },
    });
    expect(servedSeries(head, [leg])).toEqual({ description: "PA", bodyPart: "LEG", laterality: "L" });
    expect(servedSeries({ ...head, id: "two" }, [leg])).toEqual({
      description: "PA",
      bodyPart: "CHEST",
      laterality: "L",
    });
  });
});
