"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { nameOf, spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { ASPECT_NAMES } from "./aspect-names.ts";

type Ask = Outputs["mdt"]["listAsked"][number];

function AskItem({ ask, onSaid }: { ask: Ask; onSaid(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [said, setSaid] = useState("");
  const answer = useMutation(
    trpc.mdt.answerAsk.mutationOptions({
      onSuccess() {
        setSaid("");
        onSaid();
      },
    }),
  );
  const who = ask.identity;
  function submit(event: FormEvent) {
    event.preventDefault();
    answer.mutate({ askId: ask.id, said });
  }
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3">
      <p className="font-semibold">
        {who ? (
          <Link href={`/patients/${ask.patientId}`} prefetch={false} className="underline underline-offset-2">
            {nameOf(who)}
            {who.nhsNumber ? `, NHS ${spacedNhsNumber(who.nhsNumber)}` : ""}
          </Link>
        ) : (
          "A restricted record"
        )}
      </p>
      <p>
        {ASPECT_NAMES[ask.about]} for {ask.meeting.name}, whose list closes on{" "}
        {asMoment(ask.meeting.cutOffAt)}. Asked by {ask.askedByName} on {asMoment(ask.askedAt)}
        {ask.remindedAt ? `, reminded on ${asMoment(ask.remindedAt)}` : ""}.
      </p>
      {ask.words ? <p>“{ask.words}”</p> : null}
      {ask.said ? <p className="text-muted">You said: “{ask.said}”</p> : null}
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <TextField
          label="What you say to it"
          value={said}
          maxLength={400}
          disabled={!isHere}
          onChange={(event) => setSaid(event.target.value)}
        />
        <Button type="submit" tone="main" disabled={!isHere || answer.isPending || said.trim() === ""}>
          Say it
        </Button>
      </form>
      <Failed title="That wasn't kept" error={answer.error} />
    </li>
  );
}

/** What one is asked for, with a line to answer. */
export function Asked({ first }: { first: Outputs["mdt"]["listAsked"] }) {
  const trpc = useTRPC();
  const list = useQuery({
    ...trpc.mdt.listAsked.queryOptions({}),
    initialData: first,
    refetchInterval: 30_000,
  });
  if (list.data.length === 0)
    return (
      <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
        Nobody waits for you.
      </p>
    );
  return (
    <>
      <Failed title="This list may be behind" error={list.error} />
      <ul className="flex flex-col gap-3">
        {list.data.map((ask) => (
          <AskItem key={ask.id} ask={ask} onSaid={() => void list.refetch()} />
        ))}
      </ul>
    </>
  );
}
