"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { Candidate } from "#features/patient/candidates.tsx";
import { ChosenPatient } from "#features/patient/find-patient.tsx";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

const LEAST_REASON = 3;
type Joined = Outputs["correction"]["listJoined"]["joined"][number];

function Reason({ label, value, onChange }: { label: string; value: string; onChange(text: string): void }) {
  const isHere = useIsHere();
  return (
    <div className="min-w-64 grow sm:max-w-md">
      <TextField
        disabled={!isHere}
        label={label}
        value={value}
        maxLength={500}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

/** Two records that are one person's: the first number goes into the second. */
export function JoinThese({ from, into }: { from: { recordId: string }; into: { recordId: string } }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [reason, setReason] = useState("");
  const join = useMutation(
    trpc.correction.joinRecords.mutationOptions({ onSuccess: () => router.refresh() }),
  );
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-3">
        <Reason label="Why they are one person" value={reason} onChange={setReason} />
        <Button
          disabled={reason.trim().length < LEAST_REASON || join.isPending}
          onClick={() => join.mutate({ fromRecordId: from.recordId, intoRecordId: into.recordId, reason })}
        >
          {join.isPending ? "Joining …" : "Join these two"}
        </Button>
      </div>
      {join.data ? (
        <Notice tone="green" title="They are one patient now">
          It can be undone below, under Joined lately.
        </Notice>
      ) : null}
      <Failed title="They were not joined" error={join.error} />
    </div>
  );
}

/** Two records by look-up: the number that goes, and the one that stays. */
export function JoinByLookUp({ organisations }: { organisations: Outputs["organisation"]["list"] }) {
  const [from, setFrom] = useState<Candidate>();
  const [into, setInto] = useState<Candidate>();
  return (
    <Panel className="flex flex-col gap-3 px-4 py-4">
      <h2>One person under two numbers</h2>
      <p className="text-muted">
        In one trust, what stands under the first number is shown under the second from then on.
      </p>
      <section aria-label="The number that goes" className="flex flex-col gap-2">
        <h3 className="font-semibold">The number that goes</h3>
        <ChosenPatient
          organisations={organisations}
          patient={from}
          onChange={setFrom}
          choice="This one goes"
        />
      </section>
      {from ? (
        <section aria-label="The number that stays" className="flex flex-col gap-2">
          <h3 className="font-semibold">The number that stays</h3>
          <ChosenPatient
            organisations={organisations}
            patient={into}
            onChange={setInto}
            choice="This one stays"
          />
        </section>
      ) : null}
      {from && into ? <JoinThese from={from} into={into} /> : null}
    </Panel>
  );
}

function Joinee({ record, isKnown, now }: { record: Joined["from"]; isKnown: boolean; now: Date }) {
  if (record) return <PatientBanner patient={record} now={now} />;
  return <p>{isKnown ? "A restricted record." : "A number of which nothing has come yet."}</p>;
}

function UndoJoined({ mergeId }: { mergeId: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [reason, setReason] = useState("");
  const part = useMutation(
    trpc.correction.partRecords.mutationOptions({ onSuccess: () => router.refresh() }),
  );
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <Reason label="Why they are two people" value={reason} onChange={setReason} />
        <Button
          disabled={reason.trim().length < LEAST_REASON || part.isPending}
          onClick={() => part.mutate({ mergeId, reason })}
        >
          {part.isPending ? "Parting …" : "Undo: they are two people"}
        </Button>
      </div>
      <Failed title="They were not parted" error={part.error} />
    </>
  );
}

function JoinedItem({ joined }: { joined: Joined }) {
  const now = new Date();
  const { mergeId, how, state, from, into, isKnown, undoneAt } = joined;
  return (
    <li className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3">
      <Joinee record={from} isKnown={isKnown.from} now={now} />
      <p className="text-sm text-muted">
        {state === "aside" ? "not joined: a message of" : "joined"} {asMoment(joined.at)}
        {state === "aside"
          ? null
          : ` by ${how === "person" ? joined.by : "a message of the trust's own system"}`}
        , into
      </p>
      <Joinee record={into} isKnown={isKnown.into} now={now} />
      {joined.reason ? <p>Reason: {joined.reason}</p> : null}
      {state === "aside" ? (
        <p className="font-semibold">What is known of them differs: the message waits in the quarantine.</p>
      ) : null}
      {undoneAt ? <p className="font-semibold">Undone {asMoment(undoneAt)}</p> : null}
      {state === "holds" ? <UndoJoined mergeId={mergeId} /> : null}
    </li>
  );
}

export function JoinedLately({ joined }: { joined: readonly Joined[] }) {
  return (
    <section aria-label="Joined lately" className="flex flex-col gap-3">
      <h2>Joined lately</h2>
      {joined.length === 0 ? (
        <p className="text-muted">No records of your trust were joined by hand or by message.</p>
      ) : null}
      <ul className="flex flex-col gap-3">
        {joined.map((one) => (
          <JoinedItem key={one.mergeId} joined={one} />
        ))}
      </ul>
    </section>
  );
}
