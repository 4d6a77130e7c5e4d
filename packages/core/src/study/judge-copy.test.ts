import type { DicomJson } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { type CopyFacts, judgeCopy } from "./judge-copy.ts";

const header: DicomJson = {
  "00081010": { vr: "SH", Value: ["XRAY-1"] },
  "00100010": { vr: "PN", Value: [{ Alphabetic: "Alder^Rowan" }] },
  "00100020": { vr: "LO", Value: ["RXC-1001"] },
  "00100030": { vr: "DA", Value: ["19610403"] },
  "00100040": { vr: "CS", Value: ["F"] },
  "00185101": { vr: "CS", Value: ["PA"] },
  "00200020": { vr: "CS", Value: ["L", "F"] },
  "00200062": { vr: "CS", Value: ["L"] },
};
const known: CopyFacts = {
  sha256Received: "a".repeat(64),
  pixelSha256: "p".repeat(64),
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  seriesInstanceUid: "1.2.3.4",
  studyInstanceUid: "1.2.3",
  header,
};
const came = (more: Partial<CopyFacts>): CopyFacts => ({ ...known, sha256Received: "b".repeat(64), ...more });
const withHeader = (tag: string, vr: string, ...Value: string[]) =>
  came({ header: { ...header, [tag]: { vr, Value } } });
const without = (tag: string) =>
  came({ header: Object.fromEntries(Object.entries(header).filter(([one]) => one !== tag)) });

describe("two objects under one SOP Instance UID", () => {
  it("the same bytes are a duplicate, whatever else is said of them", () =>
    expect(judgeCopy(known, { ...known, studyInstanceUid: "9" })).toEqual({ kind: "duplicate" }));

  const alternates: readonly { says: string; copy: CopyFacts; differs: string[] }[] = [
    { says: "another station name", copy: withHeader("00081010", "SH", "RESENT"), differs: ["00081010"] },
    { says: "one more attribute", copy: withHeader("00081030", "LO", "Chest"), differs: ["00081030"] },
    { says: "one attribute less", copy: without("00081010"), differs: ["00081010"] },
    { says: "another preamble or padding alone", copy: came({}), differs: [] },
  ];
  it.each(alternates)("only other header fields: an alternate ($says)", ({ copy, differs }) =>
    expect(judgeCopy(known, copy)).toEqual({ kind: "alternate", differs }),
  );

  const conflicts: readonly { says: string; copy: CopyFacts; differs: string[] }[] = [
    { says: "local number", copy: withHeader("00100020", "LO", "RXC-2"), differs: ["00100020"] },
    {
      says: "name",
      copy: came({ header: { ...header, "00100010": { vr: "PN", Value: [{ Alphabetic: "Birch^Hazel" }] } } }),
      differs: ["00100010"],
    },
    { says: "date of birth", copy: withHeader("00100030", "DA", "19880808"), differs: ["00100030"] },
    { says: "sex", copy: withHeader("00100040", "CS", "M"), differs: ["00100040"] },
    { says: "image laterality", copy: withHeader("00200062", "CS", "R"), differs: ["00200062"] },
    { says: "laterality, only in one", copy: withHeader("00200060", "CS", "R"), differs: ["00200060"] },
    { says: "side taken away", copy: without("00200062"), differs: ["00200062"] },
    { says: "patient orientation", copy: withHeader("00200020", "CS", "R", "F"), differs: ["00200020"] },
    { says: "view", copy: withHeader("00185101", "CS", "AP"), differs: ["00185101"] },
    { says: "study", copy: came({ studyInstanceUid: "9.9" }), differs: ["0020000D"] },
    { says: "series", copy: came({ seriesInstanceUid: "9.9.9" }), differs: ["0020000E"] },
    { says: "pixels", copy: came({ pixelSha256: "q".repeat(64) }), differs: ["7FE00010"] },
    { says: "pixels taken away", copy: came({ pixelSha256: undefined }), differs: ["7FE00010"] },
    {
      says: "transfer syntax, whose pixels can't be compared",
      copy: came({ transferSyntaxUid: "1.2.840.10008.1.2.5" }),
      differs: ["7FE00010"],
    },
  ];
  it.each(conflicts)("what matters differs: a conflict ($says)", ({ copy, differs }) =>
    expect(judgeCopy(known, copy)).toEqual({ kind: "conflict", differs }),
  );
});
