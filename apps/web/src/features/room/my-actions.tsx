"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { Badge, type Tone } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { nameOf, spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import { type ApiError, type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { dueText } from "./due-text.ts";
import { Told } from "./told.tsx";

type Action = Outputs["room"]["listActions"]["actions"][number];

const ASK_EVERY_MS = 60_000;
const TONE: Record<Action["due"], Tone> = {
  done: "green",
  overdue: "danger",
  today: "amber",
  ahead: "info",
  undated: "unknown",
};

/** Of whom, with the way to the case: the outcome, its images, what changed since. */
const Who = ({ action: { patient, caseId } }: { action: Action }) =>
  patient ? (
    <Link href={`/prepare/${caseId}`} prefetch={false} className="font-semibold text-accent underline">
      {nameOf(patient)}
      {patient.nhsNumber ? `, NHS ${spacedNhsNumber(patient.nhsNumber)}` : ""}
    </Link>
  ) : (
    <strong>A restricted record</strong>
  );

function Said({ action, owner }: { action: Action; owner?: string }) {
  const { what, meeting, heldOn, chased } = action;
  return (
    <span className="grow">
      {what}
      <span className="block text-sm text-muted">
        {meeting}, {asDate(heldOn)}
        {owner ? ` · ${owner}` : ""}
        {chased
          ? ` · asked again by ${chased.by}, ${asMoment(chased.at)}${chased.times > 1 ? `, ${chased.times} times` : ""}`
          : ""}
      </span>
    </span>
  );
}

const ROW = "flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-3";

function Mine({ action }: { action: Action }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const queries = useQueryClient();
  const finish = useMutation(
    trpc.room.finishAction.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.room.listActions.queryKey() }),
    }),
  );
  const isDone = action.due === "done";
  return (
    <li className={ROW}>
      <Badge tone={TONE[action.due]}>{dueText(action)}</Badge>
      <Who action={action} />
      <Said action={action} />
      <Button
        tone={isDone ? "plain" : "main"}
        disabled={!isHere || finish.isPending}
        onClick={() => finish.mutate({ actionId: action.actionId, isDone: !isDone })}
      >
        {isDone ? "Not done after all" : "Done"}
        <span className="sr-only">: {action.what}</span>
      </Button>
      <Failed error={finish.error} />
    </li>
  );
}

function Others({ action }: { action: Action }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const queries = useQueryClient();
  const chase = useMutation(
    trpc.room.chaseAction.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.room.listOpenActions.queryKey() }),
    }),
  );
  return (
    <li className={ROW}>
      <Badge tone={TONE[action.due]}>{dueText(action)}</Badge>
      <Who action={action} />
      <Said action={action} owner={action.owner} />
      {action.ownerId ? (
        <Button
          disabled={!isHere || chase.isPending}
          onClick={() => chase.mutate({ actionId: action.actionId })}
        >
          Ask again<span className="sr-only"> {action.owner}</span>
        </Button>
      ) : (
        <span className="text-muted">has no portal: ring them</span>
      )}
      <Failed error={chase.error} />
    </li>
  );
}

function Failed({ error }: { error: Pick<ApiError, "message" | "data"> | null }) {
  return error ? (
    <Notice tone="danger" title="That didn't work">
      {errorText(error)}
    </Notice>
  ) : null;
}

/** What meetings gave one to do, with what is overdue first; and, for who answers for a meeting, what others haven't done. */
export function MyActions({ first }: { first: Outputs["room"]["listActions"] }) {
  const trpc = useTRPC();
  const often = { refetchInterval: ASK_EVERY_MS };
  const mine = useQuery({ ...trpc.room.listActions.queryOptions({}, often), initialData: first });
  const others = useQuery(trpc.room.listOpenActions.queryOptions({}, often));
  const { actions, isCut } = mine.data;
  const overdue = actions.filter(({ due }) => due === "overdue").length;
  return (
    <>
      <Failed error={mine.error ?? others.error} />
      <Told />
      <section aria-label="Yours" className="flex flex-col gap-2">
        <h2>Yours</h2>
        <p role="status">
          {actions.filter(({ due }) => due !== "done").length} to do
          {overdue > 0 ? `, ${overdue} overdue` : ""}
          {isCut ? ". Only the first 300 are shown" : ""}
        </p>
        {actions.length === 0 ? (
          <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
            No meeting gave you anything to do.
          </p>
        ) : (
          <Panel>
            <ul className="flex flex-col divide-y divide-line">
              {actions.map((action) => (
                <Mine key={action.actionId} action={action} />
              ))}
            </ul>
          </Panel>
        )}
      </section>
      {others.data && others.data.actions.length > 0 ? (
        <section aria-label="Of meetings that you answer for" className="flex flex-col gap-2">
          <h2>Not done yet, of meetings that you answer for</h2>
          <Panel>
            <ul className="flex flex-col divide-y divide-line">
              {others.data.actions.map((action) => (
                <Others key={action.actionId} action={action} />
              ))}
            </ul>
          </Panel>
        </section>
      ) : null}
    </>
  );
}
