import { nameOf } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type Listed = Outputs["room"]["listCases"];

export function CaseList({
  listed,
  at,
  onGo,
}: {
  listed: Listed;
  at: string | undefined;
  onGo(caseId: string): void;
}) {
  return (
    <ol aria-label="Cases" className="flex flex-col gap-1">
      {listed.cases.map(({ caseId, patient, question, isPrepared, isSigned, outcome }, nth) => (
        <li key={caseId}>
          <button
            type="button"
            aria-current={caseId === at ? "true" : undefined}
            onClick={() => onGo(caseId)}
            className="w-full rounded px-2 py-1 text-left hover:bg-raised aria-[current=true]:bg-raised aria-[current=true]:font-bold"
          >
            {nth + 1}. {patient ? nameOf(patient) : "A restricted record"}
            <span className="block text-sm text-muted">
              {question} · {isPrepared ? "prepared" : "not prepared"}
              {isSigned ? " · signed" : outcome ? " · outcome begun" : ""}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
