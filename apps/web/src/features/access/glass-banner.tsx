"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

const ASK_EVERY_MS = 60_000;

type Props = { first: Outputs["access"]["listOwnGlass"] };

/** All the while: which patient is open by broken glass, until when, and how to close it. */
export function GlassBanner({ first }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(
    trpc.access.listOwnGlass.queryOptions({}, { initialData: first, refetchInterval: ASK_EVERY_MS }),
  );
  const end = useMutation(
    trpc.access.endGlass.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.access.listOwnGlass.queryKey() }),
    }),
  );
  if (list.data.length === 0) return null;
  return (
    <section aria-label="Broken glass" className="flex flex-col gap-1 bg-danger-soft px-4 py-2 sm:px-6">
      {list.data.map(({ glassId, patientId, patient, endsAt }) => (
        <p key={glassId} className="flex flex-wrap items-center gap-3">
          <strong className="text-danger">Glass broken</strong>
          <Link href={`/patients/${patientId}`} prefetch={false} className="underline">
            {patient ? `${patient.family.toUpperCase()}, ${patient.given}` : "A patient"}
          </Link>
          <span>is open to you until {asMoment(endsAt)}. What you look at is reviewed.</span>
          <Button disabled={end.isPending} onClick={() => end.mutate({ glassId })}>
            Close it now
          </Button>
        </p>
      ))}
      {end.error ? <p role="alert">{errorText(end.error)}</p> : null}
    </section>
  );
}
