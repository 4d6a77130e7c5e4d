"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { TextField } from "#features/shell/field.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Listed = Outputs["room"]["listCases"];

/** Who is there for the meeting; and whoever leaves for one case. */
export function Attendance({ listed, caseId }: { listed: Listed; caseId: string | undefined }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [guest, setGuest] = useState("");
  const { meetingId } = listed.meeting;
  const record = useMutation(
    trpc.room.recordAttendance.mutationOptions({
      onSuccess() {
        void queries.invalidateQueries({ queryKey: trpc.room.listCases.queryKey() });
        void queries.invalidateQueries({ queryKey: trpc.room.readCase.queryKey() });
      },
    }),
  );
  const here = new Set(listed.present.people.map(({ attendee }) => attendee));
  const say = (attendee: string, isPresent: boolean, of?: string) =>
    record.mutate({ meetingId, ...(of ? { caseId: of } : {}), attendees: [{ attendee, isPresent }] });
  const { isMet, missing } = listed.present.quorum;
  return (
    <section aria-label="Who is present" className="flex flex-col gap-2">
      <Badge tone={isMet ? "green" : "amber"}>{isMet ? "Quorum" : `No quorum: ${missing.join(", ")}`}</Badge>
      <ul className="flex flex-col gap-2">
        {listed.members.map(({ personId, name, part }) => (
          <li key={personId} className="flex flex-col">
            <label className="flex items-baseline gap-2">
              <input
                type="checkbox"
                checked={here.has(personId)}
                disabled={record.isPending}
                onChange={({ target }) => say(personId, target.checked)}
              />
              {name} ({part})
            </label>
            {caseId && here.has(personId) ? (
              <button
                type="button"
                className="self-start text-sm text-accent underline"
                onClick={() => say(personId, false, caseId)}
              >
                Not for this case
              </button>
            ) : null}
          </li>
        ))}
        {listed.present.people
          .filter(({ attendee }) => attendee.startsWith("guest:"))
          .map(({ attendee, name }) => (
            <li key={attendee}>{name} (guest)</li>
          ))}
      </ul>
      <TextField
        label="A guest"
        value={guest}
        maxLength={120}
        onChange={({ target }) => setGuest(target.value)}
      />
      <Button
        disabled={guest.trim().length < 2 || record.isPending}
        onClick={() => {
          say(`guest:${guest.trim()}`, true);
          setGuest("");
        }}
      >
        Is here, too
      </Button>
      {record.error ? <p role="alert">{errorText(record.error)}</p> : null}
    </section>
  );
}
