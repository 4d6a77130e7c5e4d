import { csvLine } from "@weald/core/review";
import type { Difference, Reconciliation } from "./reconcile.ts";

const HEAD = [
  "what",
  "study_instance_uid",
  "at_source",
  "here",
  "sop_instance_uid",
  "name_at_source",
  "outcome",
  "code",
  "why",
];

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const spelled = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export function csvReport({ studies, differences }: Reconciliation): string {
  const counts = studies.map(({ studyInstanceUid, atSource, here }) =>
    csvLine(["study", studyInstanceUid, atSource, here, "", "", "", "", ""]),
  );
  const missing = differences.map((one) =>
    csvLine([
      "difference",
      one.studyInstanceUid ?? "",
      "",
      "",
      one.sopInstanceUid ?? "",
      one.name,
      one.outcome,
      one.code ?? "",
      one.message ?? "",
    ]),
  );
  return [csvLine(HEAD), ...counts, ...missing].join("");
}

const differenceLine = ({ sopInstanceUid, name, outcome, code, message }: Difference) =>
  `  ${[sopInstanceUid ?? "(no SOP Instance UID)", name, outcome, code ? `[${code}]` : "", message ?? ""].filter(Boolean).join("  ")}`;

/** First what must be known: is all of it here? Then each study, and each difference by name. */
export function textReport(trust: string, { studies, differences }: Reconciliation): string {
  const atSource = sum(studies.map((study) => study.atSource));
  const here = sum(studies.map((study) => study.here));
  const verdict =
    differences.length === 0
      ? "All that the source has is here."
      : `${spelled(differences.length, "object")} of the source ${differences.length === 1 ? "is" : "are"} NOT here.`;
  const lines = studies.map(({ studyInstanceUid, atSource: there, here: arrived, heldOfStudy }) =>
    [
      arrived === there ? "same " : "DIFFERS",
      `${arrived} of ${there}`,
      studyInstanceUid,
      heldOfStudy > arrived ? `(${heldOfStudy - arrived} more here than at the source)` : "",
    ]
      .filter(Boolean)
      .join("  "),
  );
  return [
    `Import into ${trust}: ${verdict}`,
    `${spelled(studies.length, "study", "studies")}, ${spelled(atSource, "object")} at the source, ${here} of them here.`,
    "",
    ...lines,
    ...(differences.length > 0 ? ["", "Not here:", ...differences.map(differenceLine)] : []),
    "",
  ].join("\n");
}
