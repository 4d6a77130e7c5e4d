"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useId, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Of = { studyId: string } | { referralId: string };
type Meeting = Outputs["mdt"]["listAhead"][number];
type Props = {
  of: Of;
  /** What it is asked about, where that is known. */
  question?: string;
  /** Said after the button's name, for who doesn't see where it stands. */
  subject?: string;
};

const nameOfMeeting = ({ name, startsAt, isClosed }: Meeting) =>
  `${name}, ${asMoment(startsAt)}${isClosed ? " (list closed)" : ""}`;

/** Lists the patient of a study, or of a referral, for one of the meetings that one builds or belongs to: asked where one stands. */
export function ListForMeeting({ of, question: first = "", subject }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="flex flex-col items-start gap-2">
      <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Don't list" : "List for MDT …"}
        {subject ? <span className="sr-only"> {subject}</span> : null}
      </Button>
      {isOpen ? <ListForm of={of} first={first} /> : null}
    </div>
  );
}

function ListForm({ of, first }: { of: Of; first: string }) {
  const trpc = useTRPC();
  const questionId = useId();
  const ahead = useQuery(trpc.mdt.listAhead.queryOptions({}));
  const [chosen, setChosen] = useState("");
  const [question, setQuestion] = useState(first);
  const [askedBy, setAskedBy] = useState("");
  const byStudy = useMutation(trpc.mdt.listStudy.mutationOptions());
  const byReferral = useMutation(trpc.mdt.listReferral.mutationOptions());
  const { data, error, isPending } = "studyId" in of ? byStudy : byReferral;
  const meetings = ahead.data ?? [];
  const meeting = meetings.find((one) => one.meetingId === chosen) ?? meetings.find((one) => !one.isClosed);
  if (ahead.isPending) return <p role="status">Looking for your meetings …</p>;
  if (ahead.error)
    return (
      <Notice tone="danger" title="Your meetings did not load">
        {errorText(ahead.error)}
      </Notice>
    );
  if (!meeting && meetings.length === 0)
    return <p className="text-muted">You belong to no meeting that is still ahead. Ask its coordinator.</p>;
  if (data && meeting)
    return (
      <Notice tone="green" title={`Listed for ${nameOfMeeting(meeting)}`}>
        <Link href={`/meetings/${meeting.meetingId}`} prefetch={false} className="text-accent underline">
          Its list
        </Link>
      </Notice>
    );
  const mustSayWho = "studyId" in of && meeting !== undefined && !meeting.isMember;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!meeting) return;
    const { meetingId } = meeting;
    if ("studyId" in of) byStudy.mutate({ meetingId, ...of, question, ...(mustSayWho ? { askedBy } : {}) });
    else byReferral.mutate({ meetingId, ...of, question });
  }
  return (
    <form
      onSubmit={submit}
      aria-label="List for a meeting"
      className="flex w-80 max-w-full flex-col gap-2 rounded border border-line bg-panel p-3 text-left text-ink"
    >
      <SelectField
        label="Meeting"
        value={meeting?.meetingId ?? ""}
        onChange={({ target }) => setChosen(target.value)}
      >
        {meeting ? null : <option value="">Choose</option>}
        {meetings.map((one) => (
          <option key={one.meetingId} value={one.meetingId}>
            {nameOfMeeting(one)}
          </option>
        ))}
      </SelectField>
      <label htmlFor={questionId} className="text-[0.8125rem] font-medium text-muted">
        Question
      </label>
      <textarea
        id={questionId}
        rows={2}
        maxLength={2000}
        value={question}
        onChange={({ target }) => setQuestion(target.value)}
        className="w-full rounded border border-field bg-panel px-2.5 py-1 text-ink"
      />
      {mustSayWho ? (
        <TextField
          label="Who asked for it"
          value={askedBy}
          maxLength={200}
          onChange={({ target }) => setAskedBy(target.value)}
        />
      ) : null}
      <Button
        type="submit"
        tone="main"
        className="w-fit"
        disabled={!meeting || isPending || (mustSayWho && askedBy.trim().length < 2)}
      >
        {isPending ? "Listing …" : "List"}
      </Button>
      <Failed title="It was not listed" error={error} />
    </form>
  );
}
