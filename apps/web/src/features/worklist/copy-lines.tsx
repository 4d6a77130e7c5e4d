import { Badge } from "#features/shell/badge.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { copyText } from "./copies.ts";

type StudyRow = Pick<Outputs["worklist"]["list"]["rows"][number], "copies" | "reportState">;

const REPORTED: ReadonlySet<StudyRow["reportState"]> = new Set([
  "preliminary",
  "final",
  "amended",
  "addendum",
]);

/** Who else holds it. A report that only the other trust has must not look like none. */
export function CopyLines({ row, trustNames }: { row: StudyRow; trustNames: ReadonlyMap<string, string> }) {
  return row.copies.map((copy) => {
    const trust = trustNames.get(copy.custodian) ?? copy.custodian;
    const isReportedThere = copy.reportState !== row.reportState && REPORTED.has(copy.reportState);
    return (
      <span key={copy.studyId} className="mt-1 block text-sm">
        <Badge tone={copy.moreThere > 0 ? "amber" : "info"}>{copyText(copy, trust)}</Badge>
        {isReportedThere ? <span className="block">A report stands at {trust}.</span> : null}
      </span>
    );
  });
}
