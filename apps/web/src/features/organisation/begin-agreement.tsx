"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Inputs, type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

type Asked = Inputs["organisation"]["beginAgreement"];
type Kind = Asked["kinds"][number];
type Purpose = Asked["purposes"][number];

const KINDS: readonly Kind[] = ["images", "reports", "requests"];
const PURPOSES: readonly Purpose[] = ["direct-care", "reporting", "operations", "audit"];

function Choices<T extends string>(props: { title: string; all: readonly T[]; of: T[]; set(of: T[]): void }) {
  const { title, all, of, set } = props;
  return (
    <fieldset className="flex flex-wrap gap-3">
      <legend className="text-[0.8125rem] font-medium text-muted">{title}</legend>
      {all.map((one) => (
        <label key={one} className="flex items-center gap-1.5">
          <input
            type="checkbox"
            checked={of.includes(one)}
            onChange={({ target }) =>
              set(target.checked ? [...of, one] : of.filter((other) => other !== one))
            }
          />
          {one}
        </label>
      ))}
    </fieldset>
  );
}

type Props = { organisations: Outputs["organisation"]["list"]; onDone(): void };

/** Which kinds of data an organisation shares, for which purposes, with every member or one other. */
export function BeginAgreement({ organisations, onDone }: Props) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [odsCode, setOdsCode] = useState("");
  const [withOds, setWithOds] = useState("");
  const [kinds, setKinds] = useState<Kind[]>([...KINDS]);
  const [purposes, setPurposes] = useState<Purpose[]>(["direct-care"]);
  const begin = useMutation(trpc.organisation.beginAgreement.mutationOptions({ onSuccess: onDone }));
  function submit(event: FormEvent) {
    event.preventDefault();
    begin.mutate({ odsCode, withOds: withOds || null, kinds, purposes });
  }
  const options = organisations.map((one) => (
    <option key={one.odsCode} value={one.odsCode}>
      {one.name}
    </option>
  ));
  return (
    <Panel className="px-4 py-4">
      <form onSubmit={submit} aria-label="Begin an agreement" className="flex flex-col gap-3">
        <h2>Begin an agreement</h2>
        <div className="grid gap-3 sm:grid-cols-2">
          <SelectField
            label="Who shares"
            value={odsCode}
            disabled={!isHere}
            onChange={(event) => setOdsCode(event.target.value)}
          >
            <option value="">Choose …</option>
            {options}
          </SelectField>
          <SelectField
            label="With"
            value={withOds}
            disabled={!isHere}
            onChange={(event) => setWithOds(event.target.value)}
          >
            <option value="">Every member</option>
            {options}
          </SelectField>
        </div>
        <Choices title="What" all={KINDS} of={kinds} set={setKinds} />
        <Choices title="For" all={PURPOSES} of={purposes} set={setPurposes} />
        <Button
          type="submit"
          tone="main"
          className="w-fit"
          disabled={!isHere || begin.isPending || !odsCode || kinds.length === 0 || purposes.length === 0}
        >
          Begin it now
        </Button>
        {begin.isSuccess ? <p role="status">It is in force.</p> : null}
        <Failed title="Nothing was begun" error={begin.error} />
      </form>
    </Panel>
  );
}
