"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";

const EMPTY = { odsCode: "", name: "", sites: "" };

/** A trust more, or a partner outside: no code, no migration. */
export function AddOrganisation({ onDone }: { onDone(): void }) {
  const trpc = useTRPC();
  const isHere = useIsHere();
  const [said, setSaid] = useState(EMPTY);
  const [part, setPart] = useState<"member" | "partner">("member");
  const add = useMutation(
    trpc.organisation.add.mutationOptions({
      onSuccess() {
        setSaid(EMPTY);
        onDone();
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    const sites = said.sites
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
    add.mutate({ odsCode: said.odsCode.trim().toUpperCase(), name: said.name, part, sites });
  }
  const field = (name: keyof typeof EMPTY, label: string, hint?: string) => (
    <TextField
      label={label}
      value={said[name]}
      disabled={!isHere}
      onChange={(event) => setSaid({ ...said, [name]: event.target.value })}
      {...(hint ? { hint } : {})}
    />
  );
  return (
    <Panel className="px-4 py-4">
      <form onSubmit={submit} aria-label="Add an organisation" className="flex flex-col gap-3">
        <h2>Add an organisation</h2>
        <div className="grid gap-3 sm:grid-cols-2">
          {field("odsCode", "ODS code", "As the NHS Organisation Data Service has it")}
          {field("name", "Name")}
          <SelectField
            label="Part"
            value={part}
            disabled={!isHere}
            onChange={(event) => setPart(event.target.value === "partner" ? "partner" : "member")}
          >
            <option value="member">Member: shares with every other from now on</option>
            <option value="partner">Partner outside: shares what an agreement says</option>
          </SelectField>
          {field("sites", "Sites", "Between commas")}
        </div>
        <Button
          type="submit"
          tone="main"
          className="w-fit"
          disabled={!isHere || add.isPending || !said.odsCode.trim() || said.name.trim().length < 3}
        >
          Add it
        </Button>
        {add.isSuccess ? <p role="status">It is added.</p> : null}
        <Failed title="Nothing was added" error={add.error} />
      </form>
    </Panel>
  );
}
