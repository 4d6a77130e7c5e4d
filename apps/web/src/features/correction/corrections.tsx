"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { UndoCorrection } from "./undo-correction.tsx";

type Listed = Outputs["correction"]["list"];
type Correction = Listed["corrections"][number];

const LISTS = [
  { which: "waiting", name: "Waiting for a second person" },
  { which: "lately", name: "Done lately" },
] as const;
type Which = (typeof LISTS)[number]["which"];

const KINDS: Record<Correction["asked"]["kind"], string> = {
  reject: "Rejected",
  move: "Moved to another patient",
  split: "Split off",
  correct: "Corrected",
};
const STATES = {
  waiting: { tone: "amber", text: "Waiting" },
  done: { tone: "green", text: "Done" },
  undone: { tone: "unknown", text: "Undone" },
  declined: { tone: "unknown", text: "Declined" },
} as const;

function Told({ told }: { told: Correction["told"] }) {
  if (told.length === 0) return null;
  const read = told.filter(({ acknowledgedAt }) => acknowledgedAt).length;
  return (
    <details>
      <summary className="font-medium">
        Told: {told.length}, read by {read}
      </summary>
      <ul className="mt-1 text-sm">
        {told.map((one) => (
          <li key={`${one.personId ?? "trust"} ${one.organisation}`}>
            {one.personId ? `${one.role ?? "person"} ${one.personId}` : "the archive's managers"},{" "}
            {one.organisation}
            {one.openedAt ? `: opened it ${asMoment(one.openedAt)}` : ": holds a copy"},{" "}
            {one.acknowledgedAt ? `read ${asMoment(one.acknowledgedAt)}` : "not read yet"}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Decide({ correction, onDecided }: { correction: Correction; onDecided(text: string): void }) {
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const { correctionId } = correction;
  const confirm = useMutation(
    trpc.correction.confirm.mutationOptions({ onSuccess: () => onDecided("It is done.") }),
  );
  const decline = useMutation(
    trpc.correction.decline.mutationOptions({
      onSuccess: () => onDecided("It was declined: the study is shown as it was."),
    }),
  );
  const error = confirm.error ?? decline.error;
  const isHere = useIsHere();
  const isBusy = confirm.isPending || decline.isPending || !isHere;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-3">
        {correction.mayBeConfirmed ? (
          <Button tone="main" disabled={isBusy} onClick={() => confirm.mutate({ correctionId })}>
            Confirm
          </Button>
        ) : (
          <p className="text-sm text-muted">You asked for this: somebody else confirms it.</p>
        )}
        <div className="min-w-64 grow sm:max-w-md">
          <TextField
            label="Why it is declined"
            disabled={isBusy}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <Button
          disabled={isBusy || reason.trim().length < 3}
          onClick={() => decline.mutate({ correctionId, reason })}
        >
          {correction.mayBeConfirmed ? "Decline" : "Take back"}
        </Button>
      </div>
      <Failed title="Nothing was changed" error={error} />
    </div>
  );
}

type ItemProps = {
  correction: Correction;
  /** Who watches over safety learns of nobody, and decides nothing. */
  mayDecide: boolean;
  onDecided(text: string): void;
};

function Item({ correction, mayDecide, onDecided }: ItemProps) {
  const { asked, state, from, to, study, isUndo } = correction;
  const now = new Date();
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3" data-state={state}>
      <p className="flex flex-wrap items-center gap-3">
        <Badge tone={STATES[state].tone}>{STATES[state].text}</Badge>
        <strong>{isUndo ? `Undo of: ${KINDS[asked.kind]}` : KINDS[asked.kind]}</strong>
        <span className="text-muted">
          {[study?.description, asDate(study?.studyDate)].filter(Boolean).join(", ")}
        </span>
        <span className="text-muted">
          asked {asMoment(correction.askedAt)} by {correction.askedBy}
        </span>
      </p>
      {from ? (
        <div>
          <p className="text-sm text-muted">{to ? "From" : "Of"}</p>
          <PatientBanner patient={from} now={now} />
        </div>
      ) : (
        <p className="text-muted">{mayDecide ? "A restricted record." : "Whose it is isn't shown here."}</p>
      )}
      {to ? (
        <div>
          <p className="text-sm text-muted">To</p>
          <PatientBanner patient={to} now={now} />
        </div>
      ) : null}
      <p>Reason: {correction.reason}</p>
      <Told told={correction.told} />
      {state === "waiting" && mayDecide ? <Decide correction={correction} onDecided={onDecided} /> : null}
      {state === "done" && !isUndo && mayDecide ? (
        <UndoCorrection correctionId={correction.correctionId} />
      ) : null}
      {state === "done" && mayDecide ? (
        <Link
          href={`/studies/${correction.studyId}`}
          prefetch={false}
          className="w-fit text-accent underline"
        >
          Open the study
        </Link>
      ) : null}
    </li>
  );
}

/** What waits for a second person, and what was corrected lately, with who was told. */
export function Corrections({ first }: { first: Listed }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const isHere = useIsHere();
  const [which, setWhich] = useState<Which>("waiting");
  const [said, setSaid] = useState("");
  const list = useQuery(
    trpc.correction.list.queryOptions(
      { which },
      { refetchInterval: 15_000, ...(which === "waiting" ? { initialData: first } : {}) },
    ),
  );
  async function decided(text: string) {
    setSaid(text);
    await queries.invalidateQueries({ queryKey: trpc.correction.list.queryKey() });
  }
  const corrections = list.data?.corrections ?? [];
  return (
    <>
      <fieldset className="flex flex-wrap gap-2" disabled={!isHere}>
        <legend className="sr-only">Which corrections</legend>
        {LISTS.map((one) => (
          <Button
            key={one.which}
            aria-pressed={which === one.which}
            tone={which === one.which ? "main" : "plain"}
            onClick={() => setWhich(one.which)}
          >
            {one.name}
          </Button>
        ))}
      </fieldset>
      <p role="status" className="text-muted">
        {said}
      </p>
      <Failed title="The list may be behind" error={list.error} />
      {list.isPending ? <p role="status">Loading …</p> : null}
      {list.data && corrections.length === 0 ? (
        <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
          {which === "waiting" ? "Nothing waits for a second person." : "Nothing was corrected yet."}
        </p>
      ) : null}
      <ul className="flex flex-col gap-3">
        {corrections.map((correction) => (
          <Item
            key={correction.correctionId}
            correction={correction}
            mayDecide={first.mayDecide}
            onDecided={decided}
          />
        ))}
      </ul>
    </>
  );
}
