"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { JoinThese } from "#features/correction/join-records.tsx";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Pair = Outputs["patient"]["listPairs"][number];

function PairItem({ pair }: { pair: Pair }) {
  const trpc = useTRPC();
  const router = useRouter();
  const never = useMutation(trpc.patient.neverLink.mutationOptions({ onSuccess: () => router.refresh() }));
  const now = new Date();
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3">
      <PatientBanner patient={pair.a} now={now} />
      <PatientBanner patient={pair.b} now={now} />
      <p className="text-sm text-muted">Not joined by the rule “{pair.rule}”.</p>
      <JoinThese from={pair.a} into={pair.b} />
      <Button
        className="w-fit"
        disabled={never.isPending}
        onClick={() => never.mutate({ recordA: pair.a.recordId, recordB: pair.b.recordId })}
      >
        Never join these two
      </Button>
      <Failed title="That didn't work" error={never.error} />
    </li>
  );
}

export function Pairs({ pairs }: { pairs: readonly Pair[] }) {
  if (pairs.length === 0)
    return (
      <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
        No pair of records is in doubt.
      </p>
    );
  return (
    <ul className="flex flex-col gap-3">
      {pairs.map((pair) => (
        <PairItem key={pair.pairId} pair={pair} />
      ))}
    </ul>
  );
}
