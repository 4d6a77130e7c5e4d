"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { type Inputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { Failed, Part } from "./case-parts.tsx";
import { type CaseProps, caseName } from "./case-props.ts";

const today = () => new Date().toISOString().slice(0, 10);
type PathologyState = Inputs["mdt"]["notePathology"]["state"];

export function Pathology({ one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [state, setState] = useState<PathologyState>("noted");
  const [words, setWords] = useState("");
  const [source, setSource] = useState("");
  const note = useMutation(
    trpc.mdt.notePathology.mutationOptions({
      onSuccess() {
        setWords("");
        onChanged();
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    note.mutate({ caseId: one.id, state, words, source });
  }
  return (
    <Part title="Pathology">
      <form
        onSubmit={submit}
        aria-label={`Pathology of ${caseName(one)}`}
        className="grid gap-2 sm:grid-cols-4 sm:items-end"
      >
        <SelectField
          label="It is"
          value={state}
          disabled={!isHere}
          onChange={(event) =>
            setState(
              event.target.value === "awaited" || event.target.value === "not-needed"
                ? event.target.value
                : "noted",
            )
          }
        >
          <option value="noted">noted</option>
          <option value="awaited">awaited</option>
          <option value="not-needed">not needed</option>
        </SelectField>
        <TextField
          label="In words"
          value={words}
          maxLength={1000}
          disabled={!isHere}
          onChange={(event) => setWords(event.target.value)}
        />
        <TextField
          label="Known from"
          value={source}
          maxLength={200}
          disabled={!isHere}
          onChange={(event) => setSource(event.target.value)}
        />
        <Button
          type="submit"
          disabled={!isHere || note.isPending || words.trim().length < 2 || source.trim().length < 2}
        >
          Note it
        </Button>
      </form>
      <Failed error={note.error} />
    </Part>
  );
}

const OUTSIDE = { heldBy: "", what: "", askedOf: "" };

export function Outside({ read, one, onChanged }: CaseProps) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [said, setSaid] = useState(OUTSIDE);
  const note = useMutation(
    trpc.mdt.noteOutside.mutationOptions({
      onSuccess() {
        setSaid(OUTSIDE);
        onChanged();
      },
    }),
  );
  const change = useMutation(
    trpc.mdt.changeOutsideLine.mutationOptions({ onSuccess: onChanged, onError: onChanged }),
  );
  const field = (name: keyof typeof OUTSIDE, label: string) => (
    <TextField
      label={label}
      value={said[name]}
      maxLength={120}
      disabled={!isHere}
      onChange={(event) => setSaid({ ...said, [name]: event.target.value })}
    />
  );
  const isWhole = Object.values(said).every((text) => text.trim().length > 1);
  return (
    <Part title="Held by another organisation">
      <ul className="flex flex-col gap-1">
        {one.outside.map((line) => (
          <li key={line.id} className="flex flex-wrap items-center gap-2">
            <span>
              {line.what} at {line.heldBy}: asked of {line.askedOf}, since {asDate(line.askedOn)} (
              {line.state.replace("-", " ")})
            </span>
            {read.mayList
              ? (["promised", "arrived", "not-available"] as const)
                  .filter((state) => state !== line.state)
                  .map((state) => (
                    <Button
                      key={state}
                      className="min-h-7 px-2 py-0.5 text-sm"
                      disabled={!isHere || change.isPending}
                      onClick={() =>
                        change.mutate({
                          caseId: one.id,
                          outsideId: line.id,
                          version: line.version,
                          state,
                          said: line.said,
                        })
                      }
                    >
                      {state.replace("-", " ")}
                    </Button>
                  ))
              : null}
          </li>
        ))}
      </ul>
      {read.mayList ? (
        <form
          aria-label={`Held elsewhere of ${caseName(one)}`}
          className="grid gap-2 sm:grid-cols-4 sm:items-end"
          onSubmit={(event) => {
            event.preventDefault();
            note.mutate({ caseId: one.id, ...said, askedOn: today() });
          }}
        >
          {field("what", "What")}
          {field("heldBy", "Held by")}
          {field("askedOf", "Asked of")}
          <Button type="submit" disabled={!isHere || note.isPending || !isWhole}>
            Note it
          </Button>
        </form>
      ) : null}
      <Failed error={note.error ?? change.error} />
    </Part>
  );
}
