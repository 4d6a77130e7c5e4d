"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Row = Outputs["access"]["listGlass"]["rows"][number];

const REASONS: Record<string, string> = {
  "life-at-risk": "a life was at risk",
  "urgent-care": "urgent care couldn't wait",
  "patient-asks": "the patient was there and asked",
  "duty-to-protect": "a duty to protect somebody",
  other: "another reason",
};
const OUTCOMES = [
  { outcome: "justified", text: "Justified" },
  { outcome: "follow-up", text: "Needs a conversation" },
  { outcome: "not-justified", text: "Not justified" },
] as const;
const OUTCOME_TEXT = new Map<string, string>(OUTCOMES.map(({ outcome, text }) => [outcome, text]));
const ASK_EVERY_MS = 10_000;

function One({ row, onReviewed }: { row: Row; onReviewed(): void }) {
  const trpc = useTRPC();
  const [words, setWords] = useState("");
  const review = useMutation(trpc.access.reviewGlass.mutationOptions({ onSuccess: onReviewed }));
  const name = row.patient ? `${row.patient.family.toUpperCase()}, ${row.patient.given}` : "A patient";
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3" aria-label={name}>
      <p className="flex flex-wrap items-center gap-3">
        <strong>{name}</strong>
        <span>
          {row.role} {row.personId}, {asMoment(row.startedAt)} until {asMoment(row.endsAt)}
        </span>
        {row.wasProved ? null : <Badge tone="danger">Without a fresh sign-in</Badge>}
        {row.wasAudited ? null : <Badge tone="danger">While nothing could be recorded</Badge>}
      </p>
      <p>
        Because {REASONS[row.reason] ?? row.reason}
        {row.words ? `: “${row.words}”` : "."}
      </p>
      {row.review ? (
        <p className="text-sm text-muted">
          {OUTCOME_TEXT.get(row.review.outcome) ?? row.review.outcome}, by {row.review.by},{" "}
          {asMoment(row.review.at)}
          {row.review.words ? `: ${row.review.words}` : ""}
        </p>
      ) : (
        <div className="flex flex-wrap items-end gap-3">
          <TextField
            label="What follows"
            hint="Needed unless it was justified"
            value={words}
            maxLength={1000}
            onChange={(event) => setWords(event.target.value)}
          />
          {OUTCOMES.map(({ outcome, text }) => (
            <Button
              key={outcome}
              disabled={review.isPending || (outcome !== "justified" && words.trim().length < 10)}
              onClick={() => review.mutate({ glassId: row.id, outcome, words })}
            >
              {text}
            </Button>
          ))}
        </div>
      )}
      {review.error ? <p role="alert">{errorText(review.error)}</p> : null}
    </li>
  );
}

/** What waits for a review, the doubtful first; asked again every few seconds, so that whoever watches is told at once. */
export function GlassReviews() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [isReviewed, setIsReviewed] = useState(false);
  const list = useQuery(
    trpc.access.listGlass.queryOptions(
      { isReviewed },
      { refetchInterval: isReviewed ? false : ASK_EVERY_MS },
    ),
  );
  const onReviewed = () => void queries.invalidateQueries({ queryKey: trpc.access.listGlass.queryKey() });
  return (
    <>
      <p className="flex gap-3">
        <Button aria-pressed={!isReviewed} onClick={() => setIsReviewed(false)}>
          Waiting
        </Button>
        <Button aria-pressed={isReviewed} onClick={() => setIsReviewed(true)}>
          Reviewed
        </Button>
      </p>
      {list.isPending ? <p role="status">Loading …</p> : null}
      <Failed title="The list did not load" error={list.error} />
      {list.data?.rows.length === 0 ? (
        <Panel>
          <p className="px-4 py-10 text-center text-muted">
            {isReviewed ? "Nothing was reviewed yet." : "Nothing waits for you."}
          </p>
        </Panel>
      ) : null}
      <ul className="flex flex-col gap-3">
        {(list.data?.rows ?? []).map((row) => (
          <One key={row.id} row={row} onReviewed={onReviewed} />
        ))}
      </ul>
      {list.data?.isCut ? <p>Only the first 200 are shown.</p> : null}
    </>
  );
}
