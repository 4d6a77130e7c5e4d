"use client";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import type { Inputs, Outputs } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

export type Question = Inputs["patient"]["lookUp"];
type By = Question["by"];

const WAYS: { by: By; name: string }[] = [
  { by: "nhs-number", name: "NHS number" },
  { by: "local-number", name: "Trust's own number" },
  { by: "name", name: "Name and date of birth" },
];

function questionFrom(by: By, form: FormData): Question {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  if (by === "nhs-number") return { by, nhsNumber: text("nhsNumber") };
  if (by === "local-number") return { by, custodian: text("custodian"), localNumber: text("localNumber") };
  return { by, family: text("family"), given: text("given"), birthDate: text("birthDate") };
}

type Props = {
  organisations: Outputs["organisation"]["list"];
  isBusy: boolean;
  onAsk(question: Question): void;
};

export function LookUpForm({ organisations, isBusy, onAsk }: Props) {
  const [by, setBy] = useState<By>("nhs-number");
  const isHere = useIsHere();
  function ask(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onAsk(questionFrom(by, new FormData(event.currentTarget)));
  }
  return (
    <form onSubmit={ask} className="flex max-w-3xl flex-col gap-3">
      <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
        <legend className="mb-1 text-[0.8125rem] font-medium text-muted">Look up by</legend>
        {WAYS.map((way) => (
          <label key={way.by} className="flex items-center gap-2">
            <input
              type="radio"
              name="by"
              className="size-4 accent-[var(--accent)]"
              checked={by === way.by}
              onChange={() => setBy(way.by)}
            />
            {way.name}
          </label>
        ))}
      </fieldset>
      <div className="grid items-end gap-3 sm:grid-cols-[repeat(3,minmax(0,1fr))_auto]">
        {by === "nhs-number" ? (
          <TextField
            label="NHS number"
            name="nhsNumber"
            inputMode="numeric"
            required
            placeholder="999 000 0018"
          />
        ) : null}
        {by === "local-number" ? (
          <>
            <SelectField label="Trust" name="custodian" required>
              {organisations
                .filter(({ part }) => part === "member")
                .map(({ odsCode, name }) => (
                  <option key={odsCode} value={odsCode}>
                    {name}
                  </option>
                ))}
            </SelectField>
            <TextField label="Number in that trust" name="localNumber" required />
          </>
        ) : null}
        {by === "name" ? (
          <>
            <TextField label="Family name" name="family" required autoComplete="off" />
            <TextField label="Given name" name="given" required autoComplete="off" />
            <TextField label="Date of birth" name="birthDate" type="date" required />
          </>
        ) : null}
        <Button tone="main" type="submit" disabled={isBusy || !isHere}>
          {isBusy ? "Looking …" : "Look up"}
        </Button>
      </div>
    </form>
  );
}
