import { describe, expect, it } from "vitest";
import {
  type AskFacts,
  judgeReadiness,
  type ReadinessFacts,
  type RequirementFacts,
  type StudyFacts,
} from "./readiness.ts";

const ct = (more: Partial<StudyFacts> = {}): StudyFacts => ({
  studyId: "s-ct",
  name: "CT chest",
  trust: "East Sussex",
  studyDate: "2026-11-12",
  modalities: ["CT"],
  regions: ["chest"],
  completeness: { state: "complete", text: "300 images, complete by MPPS" },
  sides: [],
  sideWarning: undefined,
  identityWarning: undefined,
  reportState: "final",
  servedVersion: 1,
  report: { reportId: "r-1", version: 1 },
  ...more,
});
const line = (more: Partial<RequirementFacts> = {}): RequirementFacts => ({
  id: "q-1",
  kind: "imaging",
  label: "CT chest",
  modalities: ["CT"],
  regions: ["chest"],
  maxAgeDays: 28,
  metByStudyId: undefined,
  metByWords: undefined,
  metOn: undefined,
  metAt: undefined,
  waivedReason: undefined,
  ...more,
});
const ready = (more: Partial<ReadinessFacts> = {}): ReadinessFacts => ({
  kind: "meeting",
  heldOn: "2026-11-26",
  operation: { procedure: "", side: undefined },
  current: [ct()],
  priors: [ct({ studyId: "s-old", name: "CT chest 2023", studyDate: "2023-01-01", trust: "Royal Surrey" })],
  expected: [],
  pins: [{ studyId: "s-ct", isThere: true }],
  question: "Is it resectable?",
  referrer: "Mr Ashdown",
  presenter: "Mr Ashdown",
  radiologist: "Dr Patel",
  pathology: {
    state: "noted",
    words: "Adenocarcinoma",
    source: "report of 10 November",
    notedAt: "2026-11-20",
  },
  requirements: [line()],
  asks: [],
  outside: [],
  prepared: undefined,
  ...more,
});
const ask = (about: AskFacts["about"], more: Partial<AskFacts> = {}): AskFacts => ({
  id: "a-1",
  about,
  requirementId: undefined,
  askedOf: "Dr Patel",
  askedAt: "2026-11-20T10:00:00Z",
  said: undefined,
  ...more,
});
const booked = {
  procedure: "CT chest",
  trust: "East Sussex",
  modality: "CT",
  state: "booked" as const,
  requestedAt: "2026-11-18",
  scheduledAt: "2026-11-25T10:00:00Z",
};
const outside = {
  heldBy: "Kent",
  what: "PET-CT",
  askedOf: "Kent PACS office",
  askedOn: "2026-11-19",
  state: "asked" as const,
  said: "",
};
const prepared = (version: number) => ({
  by: "Dr Patel",
  fixed: { studies: [], reports: [{ studyId: "s-ct", reportId: "r-1", version }] },
});

type Row = [string, Partial<ReadinessFacts>, string, string, RegExp, string?];
const TABLE: Row[] = [
  // images
  ["complete by a source", {}, "images", "green", /complete by MPPS/],
  [
    "quiet: nobody said that it is complete",
    { current: [ct({ completeness: { state: "quiet", text: "300 images, quiet, not confirmed" } })] },
    "images",
    "grey",
    /not confirmed/,
  ],
  [
    "still arriving",
    { current: [ct({ completeness: { state: "arriving", text: "137 of 300, arriving" } })] },
    "images",
    "amber",
    /137 of 300/,
    "East Sussex",
  ],
  [
    "short",
    { current: [ct({ completeness: { state: "short", text: "137 of 300, short by 163" } })] },
    "images",
    "red",
    /short by 163/,
    "East Sussex",
  ],
  [
    "the side doesn't agree, though all are there",
    { current: [ct({ sideWarning: "Side? The request says left, the images say right." })] },
    "images",
    "red",
    /request says left/,
  ],
  [
    "the patient isn't verified, though all are there",
    { current: [ct({ identityWarning: "the name differs" })] },
    "images",
    "red",
    /name differs/,
  ],
  [
    "two current, one short",
    {
      current: [
        ct(),
        ct({ studyId: "s-2", name: "PET", completeness: { state: "short", text: "1 of 2, short by 1" } }),
      ],
    },
    "images",
    "red",
    /^PET: 1 of 2/,
  ],
  [
    "none, one is booked",
    { current: [], expected: [booked] },
    "images",
    "amber",
    /booked for 2026-11-25/,
    "East Sussex",
  ],
  ["none, nothing booked", { current: [] }, "images", "red", /none are booked/],
  [
    "none, asked of another organisation",
    { current: [], outside: [outside] },
    "images",
    "amber",
    /asked of Kent PACS office/,
    "Kent PACS office",
  ],
  [
    "there, and more is asked of another organisation",
    { outside: [outside] },
    "images",
    "amber",
    /PET-CT at Kent/,
  ],
  [
    "asked of another organisation that has it not",
    { current: [], outside: [{ ...outside, state: "not-available" }] },
    "images",
    "red",
    /none are booked/,
  ],
  // report
  ["final", {}, "report", "green", /final/],
  ["preliminary", { current: [ct({ reportState: "preliminary" })] }, "report", "amber", /preliminary/],
  [
    "not reported",
    { current: [ct({ reportState: "not-reported" })] },
    "report",
    "red",
    /not reported/,
    "East Sussex",
  ],
  [
    "none received is another thing than not reported",
    { current: [ct({ reportState: "none-received" })] },
    "report",
    "grey",
    /no report received/,
  ],
  ["cancelled", { current: [ct({ reportState: "cancelled" })] }, "report", "red", /cancelled/],
  ["final, and not shared", { current: [ct({ report: undefined })] }, "report", "grey", /not shared/],
  ["prepared against this version", { prepared: prepared(1) }, "report", "green", /final/],
  [
    "amended since it was prepared",
    {
      current: [ct({ reportState: "amended", report: { reportId: "r-1", version: 2 } })],
      prepared: prepared(1),
    },
    "report",
    "amber",
    /changed since Dr Patel/,
    "Dr Patel",
  ],
  ["no images", { current: [] }, "report", "grey", /No images/],
  // priors
  ["matched", {}, "priors", "green", /1 matched, of one trust/],
  ["none in the region", { priors: [] }, "priors", "green", /No earlier images/],
  ["asked elsewhere", { outside: [outside] }, "priors", "amber", /Kent/],
  ["nothing to match with", { current: [] }, "priors", "grey", /No current/],
  // key images
  ["pinned", {}, "key-images", "green", /One pinned/],
  [
    "a pinned image is gone",
    { pins: [{ studyId: "s-ct", isThere: false }] },
    "key-images",
    "red",
    /can't be shown/,
  ],
  ["none, a radiologist is named", { pins: [] }, "key-images", "amber", /None pinned/, "Dr Patel"],
  ["none, and nobody", { pins: [], radiologist: undefined }, "key-images", "red", /nobody/],
  [
    "none, and prepared so",
    { pins: [], prepared: prepared(1) },
    "key-images",
    "green",
    /Prepared by Dr Patel/,
  ],
  // question, pathology, presenter
  ["written", {}, "question", "green", /Written/],
  ["blank", { question: "  " }, "question", "red", /Not written/, "Mr Ashdown"],
  ["noted with its source", {}, "pathology", "green", /Adenocarcinoma \(report/],
  ["unknown", { pathology: undefined }, "pathology", "grey", /Nothing noted/],
  [
    "awaited",
    { pathology: { state: "awaited", words: "Biopsy 20 Nov", source: "Histology", notedAt: "2026-11-20" } },
    "pathology",
    "amber",
    /Biopsy/,
    "Histology",
  ],
  [
    "not needed",
    { pathology: { state: "not-needed", words: "benign nodule", source: "", notedAt: "2026-11-20" } },
    "pathology",
    "green",
    /Not needed/,
  ],
  ["named", {}, "presenter", "green", /Mr Ashdown/],
  ["nobody", { presenter: undefined }, "presenter", "red", /Nobody named/],
  // requirement lines
  ["met by what is there", {}, "requirement", "green", /CT chest/],
  [
    "too old on the day",
    { current: [ct({ studyDate: "2026-10-20" })] },
    "requirement",
    "red",
    /37 days old at the meeting, 28 allowed/,
  ],
  [
    "too old, a new one is booked",
    { current: [ct({ studyDate: "2026-10-20" })], expected: [booked] },
    "requirement",
    "amber",
    /booked/,
  ],
  [
    "of age, not confirmed complete",
    { current: [ct({ completeness: { state: "quiet", text: "quiet, not confirmed" } })] },
    "requirement",
    "grey",
    /not confirmed/,
  ],
  [
    "its date isn't known",
    { current: [ct({ studyDate: undefined })] },
    "requirement",
    "grey",
    /date is not known/,
  ],
  ["none of it", { current: [ct({ modalities: ["MR"] })], priors: [] }, "requirement", "red", /None found/],
  [
    "of another region",
    { current: [ct({ regions: ["knee"] })], priors: [] },
    "requirement",
    "red",
    /None found/,
  ],
  [
    "waived with a reason",
    { current: [], priors: [], requirements: [line({ waivedReason: "had it privately" })] },
    "requirement",
    "green",
    /Waived: had it privately/,
  ],
  ["named by hand", { requirements: [line({ metByStudyId: "s-ct" })] }, "requirement", "green", /complete/],
  [
    "named by hand, and moved to another patient since",
    { requirements: [line({ metByStudyId: "s-gone" })] },
    "requirement",
    "red",
    /not this patient's any more/,
  ],
  [
    "met outside, in words, with trust and date",
    { requirements: [line({ metByWords: "PET seen", metAt: "Kent", metOn: "2026-11-20" })] },
    "requirement",
    "green",
    /PET seen \(Kent, 2026-11-20\)/,
  ],
  [
    "histology, noted",
    { requirements: [line({ kind: "pathology", label: "Histology" })] },
    "requirement",
    "green",
    /Adenocarcinoma/,
  ],
  [
    "histology, unknown",
    { pathology: undefined, requirements: [line({ kind: "pathology" })] },
    "requirement",
    "grey",
    /Nothing noted/,
  ],
  [
    "another thing, unknown",
    { requirements: [line({ kind: "other", label: "Lung function" })] },
    "requirement",
    "grey",
    /Nothing noted/,
  ],
  // asks
  [
    "missing, and asked for",
    { current: [ct({ reportState: "not-reported" })], asks: [ask("report")] },
    "report",
    "amber",
    /Asked of Dr Patel on 2026-11-20$/,
    "Dr Patel",
  ],
  [
    "what they said stands there",
    { question: "", asks: [ask("question", { said: "tomorrow" })] },
    "question",
    "amber",
    /who said “tomorrow”/,
  ],
  ["asked for something else", { question: "", asks: [ask("report")] }, "question", "red", /Not written$/],
  [
    "unknown, and asked for",
    { pathology: undefined, asks: [ask("pathology")] },
    "pathology",
    "amber",
    /Asked of/,
  ],
  ["asked, and there since", { asks: [ask("report")] }, "report", "green", /final$/],
  [
    "one line was asked for, not another",
    { current: [], priors: [], requirements: [line()], asks: [ask("requirement", { requirementId: "q-2" })] },
    "requirement",
    "red",
    /None found/,
  ],
];

describe("readiness", () => {
  it.each(TABLE)("%s", (_says, more, about, colour, says, from) => {
    const found = judgeReadiness(ready(more)).aspects.find((aspect) => aspect.about === about);
    expect(found).toMatchObject({ colour });
    expect(found?.says).toMatch(says);
    if (from) expect(found?.from).toBe(from);
  });

  it("of a case is the least of what it has: red before amber before unknown, and unknown is never green", () => {
    expect(judgeReadiness(ready()).colour).toBe("green");
    expect(judgeReadiness(ready({ pathology: undefined })).colour).toBe("grey");
    expect(judgeReadiness(ready({ pathology: undefined, pins: [] })).colour).toBe("amber");
    expect(judgeReadiness(ready({ pathology: undefined, pins: [], question: "" })).colour).toBe("red");
  });

  it("asks of each kind of list what it is for, by the same rules", () => {
    const asked = (kind: ReadinessFacts["kind"]) =>
      judgeReadiness(ready({ kind })).aspects.map(({ label, colour }) => [label, colour]);
    expect(asked("theatre")).toEqual([
      ["Operation and side", "red"],
      ["Images", "green"],
      ["Report", "green"],
      ["Prepared views", "green"],
      ["CT chest", "green"],
    ]);
    expect(asked("clinic")).toEqual([
      ["Last imaging", "green"],
      ["Its report", "green"],
      ["CT chest", "green"],
    ]);
    const short = ct({ completeness: { state: "short", text: "137 of 300" } });
    for (const kind of ["meeting", "theatre", "clinic"] as const)
      expect(judgeReadiness(ready({ kind, current: [short] })).colour).toBe("red");
  });

  it("only complete images make it green, whatever else is there", () => {
    for (const state of ["arriving", "quiet", "short"] as const)
      expect(
        judgeReadiness(ready({ current: [ct({ completeness: { state, text: state } })] })).colour,
      ).not.toBe("green");
  });
});
