"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { TextField } from "#features/shell/field.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { Failed } from "./case-parts.tsx";
import type { Meeting } from "./readiness.tsx";

type Props = { read: Meeting; onChanged(): void };

const wordsOf = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

/** Rooms and a note of this one meeting; its series keeps its own. What somebody else changed meanwhile is not overwritten. */
function DetailsForm({ read: { meeting }, onChanged }: Props) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [version] = useState(meeting.version);
  const [rooms, setRooms] = useState(meeting.rooms.join(", "));
  const [note, setNote] = useState(meeting.note);
  const edit = useMutation(trpc.mdt.editMeeting.mutationOptions({ onSuccess: onChanged }));
  function submit(event: FormEvent) {
    event.preventDefault();
    edit.mutate({ meetingId: meeting.id, version, note, rooms: wordsOf(rooms) });
  }
  return (
    <form onSubmit={submit} aria-label="Rooms and note" className="grid gap-3 sm:grid-cols-3 sm:items-end">
      <TextField
        label="Rooms"
        hint="Several with commas."
        value={rooms}
        maxLength={400}
        disabled={!isHere}
        onChange={({ target }) => setRooms(target.value)}
      />
      <TextField
        label="Note for this meeting"
        hint="Members read it above the list."
        value={note}
        maxLength={1000}
        disabled={!isHere}
        onChange={({ target }) => setNote(target.value)}
      />
      <Button type="submit" tone="main" className="w-fit" disabled={!isHere || edit.isPending}>
        Keep rooms and note
      </Button>
      <Failed error={edit.error} />
    </form>
  );
}

export function MeetingDetails(props: Props) {
  const [isOpen, setOpen] = useState(false);
  const { read, onChanged } = props;
  return (
    <div className="flex flex-col gap-3">
      <Button className="w-fit" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Rooms and note
      </Button>
      {isOpen ? (
        <DetailsForm
          read={read}
          onChanged={() => {
            setOpen(false);
            onChanged();
          }}
        />
      ) : null}
    </div>
  );
}
