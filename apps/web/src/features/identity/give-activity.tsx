"use client";
import { useMutation } from "@tanstack/react-query";
import type { Activity } from "@weald/core/kernel";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { ACTIVITY_CHOICES, ACTIVITY_NAMES } from "./activity-names.ts";

type Props = {
  /** Somebody who is known; without, they are named here. */
  person?: { personId: string; displayName: string };
  onGiven(text: string): void;
};

const words = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim().toUpperCase())
    .filter(Boolean);
/** The end of that day, as the clock of the trust has it, near enough: the last second of it in UTC. */
const endOf = (day: string) => `${day}T23:59:59Z`;
const EMPTY = { personId: "", displayName: "", modalities: "", bodyParts: "", until: "", reason: "" };

/** An activity for a person, for all or a part, until a day, with a reason. */
export function GiveActivity({ person, onGiven }: Props) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [said, setSaid] = useState(EMPTY);
  const [activity, setActivity] = useState<Activity>("view");
  const give = useMutation(
    trpc.identity.grantActivity.mutationOptions({
      onSuccess() {
        setSaid(EMPTY);
        onGiven("It is given, and counts from their next request.");
      },
    }),
  );
  const personId = person?.personId ?? said.personId.trim();
  const isWhole =
    personId && (person || said.displayName.trim().length > 2) && said.until && said.reason.trim().length > 2;
  function submit(event: FormEvent) {
    event.preventDefault();
    give.mutate({
      ...{ personId, activity, endsAt: endOf(said.until), reason: said.reason },
      ...{ modalities: words(said.modalities), bodyParts: words(said.bodyParts) },
      ...(person ? {} : { displayName: said.displayName }),
    });
  }
  const field = (name: keyof typeof EMPTY, label: string, more: { hint?: string; type?: string } = {}) => (
    <TextField
      label={label}
      value={said[name]}
      maxLength={500}
      disabled={!isHere}
      onChange={(event) => setSaid({ ...said, [name]: event.target.value })}
      {...more}
    />
  );
  return (
    <Panel className="px-4 py-4">
      <form
        onSubmit={submit}
        className="flex flex-col gap-3"
        aria-label={person ? `Give ${person.displayName} an activity` : "Give somebody else an activity"}
      >
        <h2>{person ? `Give ${person.displayName} an activity` : "Somebody who hasn't signed in yet"}</h2>
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {person
            ? null
            : field("personId", "Their CIS2 user id", { hint: "12 digits, as on their smartcard" })}
          {person ? null : field("displayName", "What they are called")}
          <SelectField
            label="Activity"
            value={activity}
            disabled={!isHere}
            onChange={(event) => {
              const chosen = ACTIVITY_CHOICES.find((one) => one === event.target.value);
              if (chosen) setActivity(chosen);
            }}
          >
            {ACTIVITY_CHOICES.map((one) => (
              <option key={one} value={one}>
                {ACTIVITY_NAMES[one]}
              </option>
            ))}
          </SelectField>
          {field("modalities", "Modalities alone", { hint: "DX, CR; empty for all" })}
          {field("bodyParts", "Body parts alone", { hint: "CHEST, KNEE; empty for all" })}
          {field("until", "Until the end of", { type: "date" })}
          {field("reason", "Why")}
        </div>
        <Button type="submit" tone="main" className="w-fit" disabled={!isWhole || !isHere || give.isPending}>
          Give it
        </Button>
        <Failed title="Nothing was changed" error={give.error} />
      </form>
    </Panel>
  );
}
