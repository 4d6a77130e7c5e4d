import type { ReactNode } from "react";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

export type Candidate = Outputs["patient"]["lookUp"]["candidates"][number];
type Props = {
  found: Outputs["patient"]["lookUp"];
  choose(candidate: Candidate): ReactNode;
};

/** Identity only: what was done for them comes after a purpose. */
export function Candidates({ found, choose }: Props) {
  if (found.candidates.length === 0)
    return (
      <p role="status" className="text-muted">
        Nobody is known by that. Check the number or the spelling; full name and exact date of birth are
        needed.
      </p>
    );
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="text-muted">
        {found.candidates.length === 1 ? "One person is" : `${found.candidates.length} people are`} known by
        that.
        {found.isCut ? " There are more: ask more narrowly." : ""}
      </p>
      <ul className="flex flex-col gap-2">
        {found.candidates.map((candidate) => (
          <li
            key={candidate.patientId}
            className="flex flex-wrap items-center justify-between gap-3 rounded border border-line bg-panel px-4 py-3"
          >
            <PatientBanner patient={candidate} now={new Date()} />
            {choose(candidate)}
          </li>
        ))}
      </ul>
    </div>
  );
}
