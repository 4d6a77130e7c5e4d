"use client";
import type { FormEvent } from "react";
import { Button } from "#features/shell/button.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { type Asked, askedFrom, VERB_WORDS } from "./event-question.ts";

type Props = { isBusy: boolean; onAsk(asked: Asked): void };

export function EventForm({ isBusy, onAsk }: Props) {
  const isHere = useIsHere();
  function ask(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onAsk(askedFrom(new FormData(event.currentTarget)));
  }
  return (
    <form onSubmit={ask} className="grid items-end gap-3 sm:grid-cols-4">
      <TextField label="NHS number" name="nhsNumber" inputMode="numeric" autoComplete="off" />
      <TextField label="Or your trust's own number" name="localNumber" autoComplete="off" />
      <TextField label="Person or system (id)" name="actorId" autoComplete="off" />
      <SelectField label="What they did" name="verb" defaultValue="">
        <option value="">Anything</option>
        {Object.entries(VERB_WORDS).map(([verb, words]) => (
          <option key={verb} value={verb}>
            {words}
          </option>
        ))}
      </SelectField>
      <TextField label="From" name="from" type="date" />
      <TextField label="To" name="until" type="date" />
      <SelectField label="What came of it" name="outcome" defaultValue="">
        <option value="">Anything</option>
        <option value="success">It was done</option>
        <option value="denied">It was refused</option>
        <option value="failure">It failed</option>
      </SelectField>
      <Button type="submit" tone="main" disabled={isBusy || !isHere}>
        {isBusy ? "Asking …" : "Show who looked"}
      </Button>
    </form>
  );
}
