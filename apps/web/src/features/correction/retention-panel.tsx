"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Retention = Outputs["study"]["readRetention"];

const RULES: Record<NonNullable<Retention["rule"]>, string> = {
  "adult-8-years": "an adult's, 8 years",
  "child-25th-birthday": "a child's, to the 25th birthday",
  "child-26th-birthday": "17 at the time, to the 26th birthday",
  "birth-date-unknown-25-years": "no date of birth is known, 25 years",
  "cancer-30-years": "cancer, 30 years",
  "screening-10-years": "screening, 10 years",
  "obstetric-25-years": "a pregnancy's, 25 years",
};

/** How long the study is kept, why, and what holds it. Nothing is deleted when the time has come. */
export function RetentionPanel({ studyId }: { studyId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const read = useQuery(trpc.study.readRetention.queryOptions({ studyId }));
  const again = async () => {
    setReason("");
    await queries.invalidateQueries({ queryKey: trpc.study.readRetention.queryKey() });
  };
  const place = useMutation(trpc.study.hold.mutationOptions({ onSuccess: again }));
  const end = useMutation(trpc.study.endHold.mutationOptions({ onSuccess: again }));
  const standing = read.data?.holds.find(({ endedAt }) => !endedAt);
  function decide(event: FormEvent) {
    event.preventDefault();
    if (standing) end.mutate({ holdId: standing.holdId, reason });
    else place.mutate({ studyId, reason });
  }
  const error = read.error ?? place.error ?? end.error;
  return (
    <Panel className="flex flex-col gap-3 px-4 py-4">
      <h2>How long it is kept</h2>
      {read.isPending ? <p role="status">Loading …</p> : null}
      {read.data ? (
        <p>
          {standing ? "It is held. Without the hold: until" : "Until"}{" "}
          <strong>{asDate(read.data.until)}</strong>
          {read.data.rule ? ` (${RULES[read.data.rule]})` : ""}. Nothing is deleted then; it would be due for
          a decision.
        </p>
      ) : null}
      {standing ? (
        <p>
          Held since {asMoment(standing.placedAt)} by {standing.placedBy}: {standing.reason}
        </p>
      ) : null}
      <form onSubmit={decide} className="flex flex-wrap items-end gap-3">
        <div className="min-w-64 grow sm:max-w-md">
          <TextField
            disabled={!read.data}
            label={standing ? "Why the hold ends" : "Why it is held"}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <Button
          type="submit"
          disabled={!read.data || reason.trim().length < 3 || place.isPending || end.isPending}
        >
          {standing ? "End the hold" : "Hold it"}
        </Button>
      </form>
      <Failed title="That didn't work" error={error} />
    </Panel>
  );
}
