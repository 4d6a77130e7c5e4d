import { expect, it } from "vitest";
import { isByNumber } from "./by-number.ts";

type Asked = [string, string][];
const asked = (...parameters: Asked) => ({ parameters });

it.for<[string, Asked]>([
  ["PatientID", [["PatientID", "1234"]]],
  ["AccessionNumber, by its tag", [["00080050", "A-1"]]],
  ["UIDs", [["StudyInstanceUID", "1.2,1.3"]]],
  [
    "a number and a modality",
    [
      ["PatientID", "1234"],
      ["ModalitiesInStudy", "CT"],
    ],
  ],
])("by a number: %s", ([, parameters]) => {
  expect(isByNumber("study")(asked(...parameters))).toBe(true);
});

it.for<[string, Asked]>([
  ["nothing", []],
  ["the beginning of a number", [["PatientID", "12*"]]],
  ["a name", [["PatientName", "ALD*"]]],
  [
    "a name's words beside a number",
    [
      ["PatientID", "1"],
      ["PatientName", "ald"],
      ["fuzzymatching", "true"],
    ],
  ],
  ["days", [["StudyDate", "20260101-"]]],
  [
    "nobody's attribute",
    [
      ["PatientID", "1"],
      ["Nonsense", "x"],
    ],
  ],
])("not by a number: %s", ([, parameters]) => {
  expect(isByNumber("study")(asked(...parameters))).toBe(false);
});

it("a path names the study or series", () => {
  expect(isByNumber("series")({ parameters: [], studyInstanceUid: "1.2" })).toBe(true);
  expect(isByNumber("instance")({ parameters: [], seriesInstanceUid: "1.3" })).toBe(true);
});
