"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { activityName } from "./activity-names.ts";
import { GiveActivity } from "./give-activity.tsx";

type Person = Outputs["identity"]["listPeople"][number];
type Grant = Person["grants"][number];

function scopeOf({ modalities, bodyParts }: Grant): string {
  const parts = [...modalities, ...bodyParts.map((one) => one.toLowerCase())];
  return parts.length > 0 ? ` (${parts.join(", ")} alone)` : "";
}

function Given({ grant, onEnded }: { grant: Grant; onEnded(): void }) {
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const [isAsked, setIsAsked] = useState(false);
  const end = useMutation(trpc.identity.endGrant.mutationOptions({ onSuccess: onEnded }));
  return (
    <li className="flex flex-col gap-2" data-over={grant.isOver}>
      <p className="flex flex-wrap items-center gap-3">
        <Badge tone={grant.isOver ? "unknown" : "green"}>{grant.isOver ? "Ended" : "Given"}</Badge>
        <span>
          {activityName(grant.activity)}
          {scopeOf(grant)}, {grant.isOver ? "ended" : "until"} {asDate(grant.endsAt)}
        </span>
        <span className="text-sm text-muted">
          by {grant.grantedByName}, {asDate(grant.grantedAt)}: {grant.reason}
        </span>
        {grant.isOver || isAsked ? null : <Button onClick={() => setIsAsked(true)}>End it…</Button>}
      </p>
      {isAsked && !grant.isOver ? (
        <div className="flex flex-wrap items-end gap-3">
          <TextField
            label="Why it ends"
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button
            tone="danger"
            disabled={reason.trim().length < 3 || end.isPending}
            onClick={() => end.mutate({ grantId: grant.grantId, reason })}
          >
            End it now
          </Button>
        </div>
      ) : null}
      {end.error ? <p role="alert">{errorText(end.error)}</p> : null}
    </li>
  );
}

function One({ person, onChanged }: { person: Person; onChanged(text: string): void }) {
  const [isGiving, setIsGiving] = useState(false);
  return (
    <li
      className="flex flex-col gap-2 rounded border border-line bg-panel px-4 py-3"
      aria-label={person.displayName}
    >
      <p className="flex flex-wrap items-baseline gap-3">
        <strong>{person.displayName}</strong>
        <span className="text-sm text-muted">{person.personId}</span>
        <span className="text-sm text-muted">
          {person.seenAt ? `last here ${asMoment(person.seenAt)}` : "hasn't signed in for this trust"}
        </span>
        <Button className="ml-auto" aria-expanded={isGiving} onClick={() => setIsGiving(!isGiving)}>
          Give an activity…
        </Button>
      </p>
      {person.activities.length > 0 ? (
        <p className="text-sm">
          By their role{person.role ? ` (${person.role.replaceAll("-", " ")})` : ""}:{" "}
          {person.activities.map(activityName).join("; ")}
        </p>
      ) : null}
      {person.grants.length > 0 ? (
        <ul className="flex flex-col gap-2">
          {person.grants.map((grant) => (
            <Given key={grant.grantId} grant={grant} onEnded={() => onChanged("It has ended.")} />
          ))}
        </ul>
      ) : null}
      {isGiving ? (
        <GiveActivity
          person={person}
          onGiven={(text) => {
            setIsGiving(false);
            onChanged(text);
          }}
        />
      ) : null}
    </li>
  );
}

/** Everyone of the administrator's trust, what they may do, and how to give or end it. */
export function People() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [said, setSaid] = useState("");
  const [name, setName] = useState("");
  const list = useQuery(trpc.identity.listPeople.queryOptions({}));
  async function changed(text: string) {
    setSaid(text);
    await queries.invalidateQueries({ queryKey: trpc.identity.listPeople.queryKey() });
  }
  const wanted = name.trim().toLowerCase();
  const people = (list.data ?? []).filter((one) => one.displayName.toLowerCase().includes(wanted));
  return (
    <>
      <div className="sm:max-w-sm">
        <TextField label="Name" value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <p role="status" className="text-muted">
        {list.isPending ? "Loading …" : said}
      </p>
      <Failed title="The list may be behind" error={list.error} />
      {list.data && people.length === 0 ? <p>Nobody of that name has signed in for this trust.</p> : null}
      <ul className="flex flex-col gap-3">
        {people.map((person) => (
          <One key={person.personId} person={person} onChanged={changed} />
        ))}
      </ul>
      <GiveActivity onGiven={changed} />
    </>
  );
}
