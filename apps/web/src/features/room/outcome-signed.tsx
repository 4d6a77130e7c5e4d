"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { makePdf } from "#features/shell/pdf.ts";
import { useTRPC } from "#features/shell/trpc.tsx";
import { keepFile } from "#viewer/annotations/picture.ts";
import { letterOf, stagingText } from "./letter.ts";
import { KINDS, type Of, type Outcome } from "./outcome-words.ts";
import { useReread } from "./shown-case.ts";
import { TextArea } from "./text-area.tsx";

const CHANGED = {
  "report-amended": "A report was amended",
  "study-corrected": "A study was corrected",
  "images-after": "Images came",
} as const;

function Addenda({ shown, outcome }: Of & { outcome: Outcome }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [words, setWords] = useState("");
  const add = useMutation(
    trpc.room.addAddendum.mutationOptions({
      onSuccess() {
        setWords("");
        void reread();
      },
    }),
  );
  return (
    <>
      {outcome.addenda.map((addendum) => (
        <Notice
          key={addendum.id}
          tone="info"
          title={`Addendum, ${addendum.writtenBy}, ${asMoment(addendum.writtenAt)}`}
        >
          <p className="whitespace-pre-wrap">{addendum.words}</p>
        </Notice>
      ))}
      <TextArea
        label="Addendum"
        rows={2}
        value={words}
        maxLength={4000}
        onChange={({ target }) => setWords(target.value)}
      />
      <p>
        <Button
          disabled={words.trim().length < 3 || add.isPending}
          onClick={() => add.mutate({ caseId: shown.caseId, words })}
        >
          Add the addendum
        </Button>
      </p>
      {add.error ? <p role="alert">{errorText(add.error)}</p> : null}
    </>
  );
}

function Deliveries({
  shown,
  outcome,
  isDemonstration,
}: Of & { outcome: Outcome; isDemonstration: boolean }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [channel, setChannel] = useState<"gp" | "record">("gp");
  const [recipient, setRecipient] = useState("");
  const [by, setBy] = useState("");
  const read = useMutation(
    trpc.room.readLetter.mutationOptions({
      onSuccess: async (letter) => keepFile(await makePdf(letterOf(letter, isDemonstration)), "outcome.pdf"),
    }),
  );
  const send = useMutation(trpc.room.noteSent.mutationOptions({ onSuccess: reread }));
  const acknowledge = useMutation(trpc.room.noteAcknowledged.mutationOptions({ onSuccess: reread }));
  const error = read.error ?? send.error ?? acknowledge.error;
  return (
    <section aria-label="Letter" className="flex flex-col gap-2 border-t border-line pt-3">
      <h3>Letter</h3>
      <p>
        <Button disabled={read.isPending} onClick={() => read.mutate({ caseId: shown.caseId })}>
          Letter (PDF)
        </Button>
      </p>
      <ul className="flex flex-col gap-1">
        {outcome.deliveries.map((one) => (
          <li key={one.id} className="flex flex-wrap items-baseline gap-3">
            <span>
              {one.channel === "gp" ? "GP" : "Record"}: {one.recipient}, {asMoment(one.sentAt)}
            </span>
            {one.acknowledgedAt ? (
              <Badge tone="green">Acknowledged by {one.acknowledgedBy}</Badge>
            ) : (
              <>
                <Badge tone="amber">Not acknowledged</Badge>
                <Button
                  disabled={by.trim().length < 2 || acknowledge.isPending}
                  onClick={() => acknowledge.mutate({ caseId: shown.caseId, deliveryId: one.id, by })}
                >
                  Acknowledged
                </Button>
              </>
            )}
            {one.addenda < outcome.addenda.length ? (
              <Badge tone="amber">Sent before the newest addendum</Badge>
            ) : null}
          </li>
        ))}
      </ul>
      {outcome.deliveries.length === 0 ? <Badge tone="amber">Not sent to record or GP</Badge> : null}
      <div className="grid gap-2 sm:grid-cols-3">
        <SelectField
          label="Sent to"
          value={channel}
          onChange={({ target }) => setChannel(target.value === "gp" ? "gp" : "record")}
        >
          <option value="gp">GP</option>
          <option value="record">Record</option>
        </SelectField>
        <TextField
          label="Who received it"
          value={recipient}
          maxLength={200}
          onChange={({ target }) => setRecipient(target.value)}
        />
        <TextField
          label="Who acknowledged it"
          value={by}
          maxLength={200}
          onChange={({ target }) => setBy(target.value)}
        />
      </div>
      <p>
        <Button
          disabled={recipient.trim().length < 2 || send.isPending}
          onClick={() => send.mutate({ caseId: shown.caseId, channel, recipient })}
        >
          Note that it was sent
        </Button>
      </p>
      {error ? <p role="alert">{errorText(error)}</p> : null}
    </section>
  );
}

export function Signed({
  shown,
  outcome,
  isDemonstration,
}: Of & { outcome: Outcome; isDemonstration: boolean }) {
  const { signed } = outcome;
  return (
    <>
      <p>
        <Badge tone="green">
          Signed by {signed?.by}, {asMoment(signed?.at)}
        </Badge>
      </p>
      {outcome.changes.map(({ kind, foundAt, subjectId, version }) => (
        <Notice
          key={`${kind} ${subjectId} ${version}`}
          tone="amber"
          title={`${CHANGED[kind]} after signing, ${asMoment(foundAt)}`}
        />
      ))}
      <p className="whitespace-pre-wrap">
        <strong>{KINDS[outcome.kind]}:</strong>{" "}
        {outcome.kind === "decided" ? outcome.decision : outcome.deferralReason}
      </p>
      {stagingText(outcome.staging) ? <p>{stagingText(outcome.staging)}</p> : null}
      <p className="text-sm">
        Present: {signed?.present.people.map(({ name }) => name).join(", ") || "nobody was noted"}. Seen:{" "}
        {signed?.fixed.studies.length} studies, {signed?.fixed.reports.length} reports, as they stood then.
      </p>
      <Addenda shown={shown} outcome={outcome} />
      <Deliveries shown={shown} outcome={outcome} isDemonstration={isDemonstration} />
    </>
  );
}
