"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

type Mark = Outputs["patient"]["listMarks"][number];
type Class = Inputs["patient"]["markRecord"]["class"];

/** What a patient may be marked as, and what others then see. */
const CLASSES: Record<Class, string> = {
  vip: "Public figure: others see that something is withheld",
  staff: "Member of staff: others see that something is withheld",
  "s-flag": "S-flag: where they were seen is masked",
  safeguarding: "Safeguarding: as if there were nothing",
  "sexual-health": "Sexual health: as if there were nothing",
  forensic: "Forensic: as if there were nothing",
};
const classOf = (text: string): Class | undefined =>
  (Object.keys(CLASSES) as Class[]).find((one) => one === text);
const nameOf = (text: string) => {
  const found = classOf(text);
  return found ? CLASSES[found].split(":")[0] : text;
};

function MarkPatient({ onDone }: { onDone(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [localNumber, setLocalNumber] = useState("");
  const [kind, setKind] = useState("");
  const [reason, setReason] = useState("");
  const [reviewBy, setReviewBy] = useState("");
  const mark = useMutation(
    trpc.patient.markRecord.mutationOptions({
      onSuccess() {
        setLocalNumber("");
        setReason("");
        onDone();
      },
    }),
  );
  const chosen = classOf(kind);
  const isWhole = chosen && localNumber.trim() && reason.trim().length >= 3;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (chosen) mark.mutate({ localNumber, class: chosen, reason, reviewBy: reviewBy || null });
  }
  return (
    <Panel className="px-4 py-4">
      <form onSubmit={submit} aria-label="Mark a patient" className="flex flex-col gap-3">
        <h2>Mark a patient as sensitive</h2>
        <p>
          The whole record then opens only to who cares for them, to your trust's reporters, and by broken
          glass, in every trust. A mark stays until somebody takes it away.
        </p>
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Their number at your trust"
            value={localNumber}
            maxLength={64}
            disabled={!isHere}
            onChange={(event) => setLocalNumber(event.target.value)}
          />
          <SelectField
            label="What they are"
            value={kind}
            disabled={!isHere}
            onChange={(event) => setKind(event.target.value)}
          >
            <option value="">Choose</option>
            {Object.entries(CLASSES).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </SelectField>
          <TextField
            label="Why they are marked"
            value={reason}
            maxLength={500}
            disabled={!isHere}
            onChange={(event) => setReason(event.target.value)}
          />
          <TextField
            label="Look at it again by"
            hint="May stay empty. The mark doesn't end by itself then."
            type="date"
            value={reviewBy}
            disabled={!isHere}
            onChange={(event) => setReviewBy(event.target.value)}
          />
        </div>
        <Button type="submit" tone="main" className="w-fit" disabled={!isHere || !isWhole || mark.isPending}>
          Mark them
        </Button>
        <Failed title="Nothing was marked" error={mark.error} />
      </form>
    </Panel>
  );
}

function One({ mark, onDone }: { mark: Mark; onDone(): void }) {
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const end = useMutation(trpc.patient.endMark.mutationOptions({ onSuccess: onDone }));
  const { patient } = mark;
  const name = patient ? `${patient.family.toUpperCase()}, ${patient.given}` : "A patient";
  return (
    <li
      aria-label={`${name}, ${nameOf(mark.class)}`}
      className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3"
    >
      <p className="flex flex-wrap items-center gap-3">
        <strong>{name}</strong>
        <Badge tone="unknown">{nameOf(mark.class)}</Badge>
        {mark.isDue ? <Badge tone="amber">To be looked at again</Badge> : null}
        <span>
          since {asDate(mark.markedAt)}, by {mark.markedBy}
          {mark.reviewBy ? `; to be looked at again by ${asDate(mark.reviewBy)}` : ""}
        </span>
      </p>
      <p className="break-words">Reason: {mark.reason}</p>
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          end.mutate({ markId: mark.markId, reason });
        }}
      >
        <div className="min-w-64 grow sm:max-w-md">
          <TextField
            label="Why the mark is taken away"
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <Button type="submit" disabled={end.isPending || reason.trim().length < 3}>
          Take the mark away
        </Button>
      </form>
      {end.error ? <p role="alert">{errorText(end.error)}</p> : null}
    </li>
  );
}

/** Which patients of the trust are marked as what, and why. */
export function Marks({ first }: { first: Mark[] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.patient.listMarks.queryOptions({}, { initialData: first }));
  const onDone = () => void queries.invalidateQueries({ queryKey: trpc.patient.listMarks.queryKey() });
  return (
    <section aria-label="Marked patients" className="flex flex-col gap-3">
      <Failed title="The list did not load" error={list.error} />
      {list.data.length === 0 ? (
        <Panel>
          <p className="px-4 py-10 text-center text-muted">No patient of your trust is marked.</p>
        </Panel>
      ) : null}
      <ul className="flex flex-col gap-3">
        {list.data.map((mark) => (
          <One key={mark.markId} mark={mark} onDone={onDone} />
        ))}
      </ul>
      <MarkPatient onDone={onDone} />
    </section>
  );
}
