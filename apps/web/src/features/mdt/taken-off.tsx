"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { nameOf } from "#features/shell/patient-banner.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { Failed } from "./case-parts.tsx";

type Props = { meetingId: string; count: number; onChanged(): void };

function Removed({ meetingId, onChanged }: Omit<Props, "count">) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const list = useQuery(trpc.mdt.listRemoved.queryOptions({ meetingId }, { staleTime: 0 }));
  const back = useMutation(
    trpc.mdt.setListed.mutationOptions({
      onSuccess() {
        void list.refetch();
        onChanged();
      },
    }),
  );
  if (list.isPending) return <p role="status">Loading …</p>;
  return (
    <>
      <ul aria-label="Taken off" className="flex flex-col gap-1">
        {list.data?.map(({ caseId, patient, reason, by, at }) => (
          <li key={caseId} className="flex flex-wrap items-center gap-3">
            <strong>{patient ? nameOf(patient) : "A restricted record"}</strong>
            <span className="text-muted">
              {reason || "no reason"}, {by}, {asMoment(at)}
            </span>
            <Button
              className="min-h-7 px-2 py-0.5 text-sm"
              disabled={!isHere || back.isPending}
              onClick={() => back.mutate({ caseId, isListed: true })}
            >
              Put back<span className="sr-only"> {patient ? nameOf(patient) : "a restricted record"}</span>
            </Button>
          </li>
        ))}
      </ul>
      <Failed error={list.error ?? back.error} />
    </>
  );
}

/** What was taken off this list: nothing of it is gone, and it can be put back where it was. */
export function TakenOff({ meetingId, count, onChanged }: Props) {
  const [isOpen, setOpen] = useState(false);
  if (count === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      <Button className="w-fit" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Taken off ({count})
      </Button>
      {isOpen ? <Removed key={count} meetingId={meetingId} onChanged={onChanged} /> : null}
    </div>
  );
}
