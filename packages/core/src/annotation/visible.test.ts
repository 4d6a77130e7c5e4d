import { describe, expect, it } from "vitest";
import type { MarkState } from "./mark.ts";
import { isScreening, type Origin, SCREENING_CODES, SCREENING_SENDERS } from "./screening.ts";
import { isStopped, reaches, standingOf } from "./visible.ts";

const [ORDINARY, BLIND, IN] = [
  { isScreening: false, isIn: false },
  { isScreening: true, isIn: false },
  { isScreening: true, isIn: true },
];

describe("whom a mark reaches", () => {
  it.each<[string, string, MarkState, typeof ORDINARY, boolean]>([
    ["its author, a draft", "a", "draft", ORDINARY, true],
    ["its author, published", "a", "published", ORDINARY, true],
    ["its author, withdrawn", "a", "withdrawn", ORDINARY, true],
    ["its author, a draft on a screening study", "a", "draft", BLIND, true],
    ["another reader, a draft", "b", "draft", ORDINARY, false],
    ["another reader, published", "b", "published", ORDINARY, true],
    ["another reader, withdrawn", "b", "withdrawn", ORDINARY, false],
    ["another reader of a screening study, published", "b", "published", BLIND, false],
    ["another reader of a screening study whose own read is in", "b", "published", IN, true],
    ["and not a draft even then", "b", "draft", IN, false],
    ["nor what was withdrawn", "b", "withdrawn", IN, false],
  ])("%s", (_says, reader, state, reading, expected) =>
    expect(reaches(reader, { authorId: "a", state }, reading)).toBe(expected),
  );
});

describe("whether a mark still stands", () => {
  const frame = { instanceId: "i", instanceVersion: 3, frame: 1 };
  it.each([
    ["as it was made", frame, true, { version: 3 }, "stands", false],
    ["its image was corrected since", frame, true, { version: 4 }, "corrected", false],
    ["its image is served no more", frame, true, undefined, "gone", true],
    ["the study is another patient's", frame, false, { version: 3 }, "moved", true],
    ["a view of the study", undefined, true, undefined, "stands", false],
    ["a view of a study that is another patient's", undefined, false, undefined, "moved", true],
  ])("%s", (_says, marked, isSamePatient, place, expected, stopped) => {
    const standing = standingOf({ frame: marked }, { isSamePatient, place });
    expect([standing, isStopped(standing)]).toEqual([expected, stopped]);
  });
});

describe("screening is known by procedure code or sender", () => {
  const origin = { custodian: "RXC", codes: ["XMAMB"], sites: ["Chest clinic"], stations: ["MG1"] };
  const [sender] = SCREENING_SENDERS;
  it.each<[string, Origin, boolean]>([
    ["a symptomatic mammogram", origin, false],
    ["nothing said at all", { custodian: "RA2", codes: [], sites: [], stations: [] }, false],
    ["another trust's site of the same name", { ...origin, sites: [sender?.site ?? ""] }, false],
    [
      "the screening unit sends it",
      { ...origin, custodian: sender?.custodian ?? "", sites: [sender?.site ?? ""] },
      true,
    ],
    ...SCREENING_CODES.map(({ code, means }): [string, Origin, boolean] => [
      means,
      { ...origin, codes: ["X", code] },
      true,
    ]),
  ])("%s", (_says, given, expected) => expect(isScreening(given)).toBe(expected));
});
