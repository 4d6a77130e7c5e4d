"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import { nameOf } from "#features/shell/patient-banner.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";

const ASK_EVERY_MS = 60_000;
const CHANGED = {
  "report-amended": "a report was amended after the outcome was signed",
  "study-corrected": "a study was corrected after the outcome was signed",
  "images-after": "images came after the outcome was signed",
} as const;

/** What changed under outcomes that one answers for. */
export function Told() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.room.listTold.queryOptions({}, { refetchInterval: ASK_EVERY_MS }));
  const acknowledge = useMutation(
    trpc.room.acknowledgeTold.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.room.listTold.queryKey() }),
    }),
  );
  const told = list.data?.told ?? [];
  if (told.length === 0) return null;
  return (
    <section aria-label="Changed since signing" className="flex flex-col gap-2">
      <h2>Changed since signing</h2>
      {told.map(({ changeId, kind, foundAt, patient, caseId }) => (
        <Notice key={changeId} tone="amber" title={patient ? nameOf(patient) : "A restricted record"}>
          <p className="flex flex-wrap items-center gap-4">
            <span>
              {asMoment(foundAt)}: {CHANGED[kind]}.
            </span>
            {patient ? (
              <Link href={`/prepare/${caseId}`} prefetch={false} className="text-accent underline">
                The case
              </Link>
            ) : null}
            <Button disabled={acknowledge.isPending} onClick={() => acknowledge.mutate({ changeId })}>
              I have seen it
            </Button>
          </p>
        </Notice>
      ))}
    </section>
  );
}
