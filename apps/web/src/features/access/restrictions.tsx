"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { WhichStudy } from "./which-study.tsx";

type Objection = Outputs["access"]["listObjections"][number];

function RecordObjection({ onDone }: { onDone(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [localNumber, setLocalNumber] = useState("");
  const [discussedBy, setDiscussedBy] = useState("");
  const [studyId, setStudyId] = useState("");
  const record = useMutation(
    trpc.access.recordObjection.mutationOptions({
      onSuccess() {
        setLocalNumber("");
        setDiscussedBy("");
        setStudyId("");
        onDone();
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    record.mutate({ localNumber, discussedBy, studyId: studyId || null });
  }
  return (
    <Panel className="px-4 py-4">
      <form onSubmit={submit} aria-label="Record an objection" className="flex flex-col gap-3">
        <h2>Record an objection</h2>
        <p>
          The patient asks that what your trust holds on them isn't seen beyond it. Others then see that
          something is withheld, and can ask, or break the glass.
        </p>
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Number of the patient at your trust"
            value={localNumber}
            maxLength={64}
            disabled={!isHere}
            onChange={(event) => {
              setLocalNumber(event.target.value);
              setStudyId("");
            }}
          />
          <TextField
            label="Who discussed it with them"
            value={discussedBy}
            maxLength={120}
            disabled={!isHere}
            onChange={(event) => setDiscussedBy(event.target.value)}
          />
        </div>
        <WhichStudy localNumber={localNumber} isHere={isHere} studyId={studyId} choose={setStudyId} />
        <Button
          type="submit"
          tone="main"
          className="w-fit"
          disabled={!isHere || record.isPending || !localNumber.trim() || discussedBy.trim().length < 3}
        >
          Record it
        </Button>
        <Failed title="Nothing was recorded" error={record.error} />
      </form>
    </Panel>
  );
}

function One({ objection, onDone }: { objection: Objection; onDone(): void }) {
  const trpc = useTRPC();
  const end = useMutation(trpc.access.endObjection.mutationOptions({ onSuccess: onDone }));
  const { patient } = objection;
  const name = patient ? `${patient.family.toUpperCase()}, ${patient.given}` : "A patient";
  return (
    <li
      aria-label={name}
      className="flex flex-wrap items-center gap-3 rounded border border-line bg-panel px-4 py-3"
    >
      <strong>{name}</strong>
      <span>
        {objection.studyId ? "one study" : "all that this trust holds"}, since {asDate(objection.startsAt)};
        discussed by {objection.discussedBy}
      </span>
      <Button
        className="ml-auto"
        disabled={end.isPending}
        onClick={() => end.mutate({ objectionId: objection.id })}
      >
        The patient took it back
      </Button>
      {end.error ? <p role="alert">{errorText(end.error)}</p> : null}
    </li>
  );
}

function OwnRecord() {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [personId, setPersonId] = useState("");
  const [localNumber, setLocalNumber] = useState("");
  const state = useMutation(trpc.access.stateOwnRecord.mutationOptions());
  const isWhole = personId.trim() && localNumber.trim();
  const say = (isTheirs: boolean) => state.mutate({ personId, localNumber, isTheirs });
  return (
    <Panel className="px-4 py-4">
      <form
        aria-label="Somebody of the staff who is a patient"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          say(true);
        }}
      >
        <h2>Somebody of the staff who is a patient</h2>
        <p>Their own record closes to them as staff, in every trust and also by broken glass.</p>
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Their CIS2 user id"
            value={personId}
            maxLength={64}
            disabled={!isHere}
            onChange={(event) => setPersonId(event.target.value)}
          />
          <TextField
            label="Their number as a patient of your trust"
            value={localNumber}
            maxLength={64}
            disabled={!isHere}
            onChange={(event) => setLocalNumber(event.target.value)}
          />
        </div>
        <p className="flex gap-3">
          <Button type="submit" tone="main" disabled={!isHere || !isWhole || state.isPending}>
            Close it to them
          </Button>
          <Button disabled={!isHere || !isWhole || state.isPending} onClick={() => say(false)}>
            It isn't theirs
          </Button>
        </p>
        {state.isSuccess ? <p role="status">It is noted.</p> : null}
        <Failed title="Nothing was noted" error={state.error} />
      </form>
    </Panel>
  );
}

type Props = { first: Objection[]; mayStateOwn: boolean };

export function Restrictions({ first, mayStateOwn }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.access.listObjections.queryOptions({}, { initialData: first }));
  const onDone = () => void queries.invalidateQueries({ queryKey: trpc.access.listObjections.queryKey() });
  return (
    <>
      <Failed title="The list did not load" error={list.error} />
      {list.data.length === 0 ? (
        <Panel>
          <p className="px-4 py-10 text-center text-muted">No patient of your trust objects.</p>
        </Panel>
      ) : null}
      <ul className="flex flex-col gap-3">
        {list.data.map((objection) => (
          <One key={objection.id} objection={objection} onDone={onDone} />
        ))}
      </ul>
      <RecordObjection onDone={onDone} />
      {mayStateOwn ? <OwnRecord /> : null}
    </>
  );
}
