import { asMoment } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type Seals = Outputs["review"]["readSeals"];

const WORDS: Record<Seals["faults"][number]["kind"], string> = {
  "row-altered": "events were altered",
  "row-missing": "events are missing",
  "row-inserted": "events were put in",
  "seal-altered": "the seal was altered",
  "seal-missing": "the seal is missing",
  "copy-missing": "the seal has no locked copy",
  "copy-altered": "the locked copy is not what it says",
  "chain-broken": "the seal does not follow the one before it",
};

/** Whether the audit is what was written: the last verification, and each link that did not hold. */
export function SealState({ seals }: { seals: Seals }) {
  if (!seals.verifiedAt)
    return (
      <Notice tone="unknown" title="The audit's seals have not been verified yet: that is done each night" />
    );
  if (seals.faults.length === 0)
    return (
      <Notice
        tone="green"
        title={`Verified ${asMoment(seals.verifiedAt)}: ${seals.seals} seals over ${seals.rows} events hold`}
      />
    );
  return (
    <Notice tone="danger" title={`The audit does not hold. Tell your information governance lead now.`}>
      <ul className="list-disc pl-5">
        {seals.faults.slice(0, 10).map(({ chain, number, kind, rowIds }) => (
          <li key={`${chain} ${number} ${kind}`}>
            {chain}, seal {number}: {WORDS[kind]}
            {rowIds ? ` (${rowIds.slice(0, 3).join(", ")}${rowIds.length > 3 ? " …" : ""})` : ""}
          </li>
        ))}
      </ul>
      <p className="mt-1">Found {asMoment(seals.verifiedAt)}. What to do stands in docs/operating.md.</p>
    </Notice>
  );
}
