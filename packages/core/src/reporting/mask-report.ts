import * as Study from "../study/index.ts";
import type { ReportVersion, StudyReport } from "./report.ts";

const WITHHELD = "[A line is withheld here: it may tell where this was done.]";

/** Line by line: what names a member, the referrer or a number of theirs goes, and it is said that it does. */
const maskedLines = (text: string, words: readonly string[]): string =>
  text
    .split(/\r?\n/)
    .map((line) => Study.maskedText(line, words) ?? WITHHELD)
    .join("\n");

const maskedVersion = (version: ReportVersion, words: readonly string[]): ReportVersion => ({
  ...version,
  author: undefined,
  trust: "",
  text: maskedLines(version.text, words),
});

/** A report for who may not know where its study was made: no author, no trust, no number. */
export function maskedReport(report: StudyReport, ofStudy: readonly string[]): StudyReport {
  const { request, versions } = report;
  const people = [request?.referrer, ...versions.map(({ author }) => author)];
  const words = [...ofStudy, ...people.flatMap((name) => (name ? [name] : []))];
  return {
    ...report,
    versions: versions.map((version) => maskedVersion(version, words)),
    request: request && {
      ...request,
      accessionNumber: "",
      referrer: undefined,
      procedure: Study.maskedText(request.procedure, words) ?? "",
      question: request.question && maskedLines(request.question, words),
    },
  };
}
