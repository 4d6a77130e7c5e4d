"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { type About, ASPECT_NAMES } from "./aspect-names.ts";
import { Failed, Part } from "./case-parts.tsx";
import { type CaseProps, caseName } from "./case-props.ts";

type Ask = CaseProps["one"]["asks"][number];

/** What became of the message to a member, for whoever lists. */
function tellingOf({ told }: Ask): string {
  if (!told) return "";
  const at = asMoment(told.at);
  const says = {
    soon: "an e-mail goes out within minutes",
    again: "the e-mail hasn't gone yet and is tried again",
    sent: `told by e-mail on ${at}`,
    "no-address": "no e-mail address known: tell them yourself",
    "not-a-member": "no longer a member, so not told by e-mail",
    undelivered: "the e-mail could not be delivered: tell them yourself",
  };
  return `; ${says[told.state]}`;
}

/** Who was asked, when, and what they said. */
export function Asks({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const follow = useMutation(trpc.mdt.followUp.mutationOptions({ onSuccess: onChanged }));
  if (one.asks.length === 0) return null;
  return (
    <Part title="Asked for">
      <ul className="flex flex-col gap-1">
        {one.asks.map((ask) => (
          <li key={ask.id} className="flex flex-wrap items-center gap-2">
            <span>
              {ASPECT_NAMES[ask.about]}: asked of {ask.askedOf} on {asMoment(ask.askedAt)}
              {ask.reminders > 0 && ask.remindedAt
                ? `, reminded ${ask.reminders} times, last on ${asMoment(ask.remindedAt)}`
                : ""}
              {tellingOf(ask)}
              {ask.said ? `; said “${ask.said}”` : "; no answer yet"}
            </span>
            {read.mayList
              ? (["remind", "withdraw"] as const).map((what) => (
                  <Button
                    key={what}
                    className="min-h-7 px-2 py-0.5 text-sm"
                    disabled={!isHere || follow.isPending}
                    onClick={() => follow.mutate({ askId: ask.id, what })}
                  >
                    {what === "remind" ? "Remind" : "Take back"}
                    <span className="sr-only"> {ask.askedOf}</span>
                  </Button>
                ))
              : null}
          </li>
        ))}
      </ul>
      <Failed error={follow.error} />
    </Part>
  );
}

/** Asks a member, who sees it in their portal and is told of it by e-mail, or notes who was rung. */
export function AskFor({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const missing = one.readiness.aspects.filter(({ colour }) => colour !== "green");
  const keyOf = ({ about, requirementId }: (typeof missing)[number]) => `${about}/${requirementId ?? ""}`;
  const [chosen, setChosen] = useState("");
  const [personId, setPersonId] = useState("");
  const [name, setName] = useState("");
  const [words, setWords] = useState("");
  const ask = useMutation(
    trpc.mdt.askFor.mutationOptions({
      onSuccess() {
        setName("");
        setWords("");
        onChanged();
      },
    }),
  );
  const of = missing.find((aspect) => keyOf(aspect) === chosen) ?? missing[0];
  if (!of) return null;
  const about: About = of.about;
  function submit(event: FormEvent) {
    event.preventDefault();
    ask.mutate({
      ...{ caseId: one.id, about, requirementId: of?.requirementId ?? null, words },
      ...(personId ? { askedOfId: personId } : { askedOf: name }),
    });
  }
  return (
    <Part title="Ask for what is missing">
      <form
        onSubmit={submit}
        aria-label={`Ask about ${caseName(one)}`}
        className="grid gap-2 sm:grid-cols-5 sm:items-end"
      >
        <SelectField
          label="For"
          value={keyOf(of)}
          disabled={!isHere}
          onChange={(event) => setChosen(event.target.value)}
        >
          {missing.map((aspect) => (
            <option key={keyOf(aspect)} value={keyOf(aspect)}>
              {aspect.label}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="A member"
          value={personId}
          disabled={!isHere}
          onChange={(event) => setPersonId(event.target.value)}
        >
          <option value="">somebody else</option>
          {read.members.map((member) => (
            <option key={member.personId} value={member.personId}>
              {member.name}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Somebody else"
          value={name}
          maxLength={120}
          disabled={!isHere || personId !== ""}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Words"
          value={words}
          maxLength={1000}
          disabled={!isHere}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button type="submit" disabled={!isHere || ask.isPending || (personId === "" && name.trim() === "")}>
          Ask
        </Button>
      </form>
      <Failed error={ask.error} />
    </Part>
  );
}
