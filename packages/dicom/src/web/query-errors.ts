import { DicomError } from "../errors.ts";

/** What is wrong with a query. Names the parameter, never its value: values name patients. */
export const queryRefusals = {
  unknown: (name: string) =>
    new DicomError("QUERY_PARAMETER_UNKNOWN", `There is no parameter or attribute “${name}”.`),
  twice: (name: string) => new DicomError("QUERY_PARAMETER_TWICE", `“${name}” may be stated only once.`),
  value: (name: string, wanted: string) =>
    new DicomError("QUERY_VALUE_INVALID", `The value of “${name}” is no ${wanted}.`),
  level: (name: string, where: string) =>
    new DicomError(
      "QUERY_LEVEL",
      `“${name}” is an attribute of ${where}: ask at a path of that level, or match ModalitiesInStudy.`,
    ),
  computed: (name: string) =>
    new DicomError("QUERY_NOT_MATCHED", `“${name}” is returned and can't be matched.`),
  kind: (name: string) =>
    new DicomError("QUERY_NOT_MATCHED", `“${name}” holds no text or number that could be matched.`),
  tooLong: () =>
    new DicomError("QUERY_TOO_LONG", "The query is too long: at most 16 KB, 64 parameters and 1,000 UIDs."),
  offset: () =>
    new DicomError(
      "QUERY_OFFSET_TOO_LARGE",
      "“offset” goes up to 10,000. Narrow the query, for example by a shorter range of StudyDate, and start from 0.",
    ),
} as const;

export const queryRefusalCodes: readonly string[] = [
  ...new Set(Object.values(queryRefusals).map((refuse) => refuse("", "").code)),
].sort();
