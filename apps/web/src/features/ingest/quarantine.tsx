"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { QuarantineItem } from "./quarantine-item.tsx";

type Listed = Outputs["ingest"]["listQuarantine"];

const STATES = [
  { state: "waiting", name: "Waiting" },
  { state: "solved", name: "Solved" },
  { state: "retried", name: "Tried again" },
  { state: "discarded", name: "Discarded" },
] as const;
type State = (typeof STATES)[number]["state"];

export function Quarantine({ first }: { first: Listed }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [state, setState] = useState<State>("waiting");
  const [said, setSaid] = useState<string>();
  const list = useQuery(
    trpc.ingest.listQuarantine.queryOptions(
      { state },
      { refetchInterval: 10_000, ...(state === "waiting" ? { initialData: first } : {}) },
    ),
  );
  async function decided(text: string) {
    setSaid(text);
    await queries.invalidateQueries({ queryKey: trpc.ingest.listQuarantine.queryKey() });
  }
  const items = list.data?.items ?? [];
  return (
    <>
      <fieldset className="flex gap-2">
        <legend className="sr-only">Which items</legend>
        {STATES.map((one) => (
          <Button
            key={one.state}
            aria-pressed={state === one.state}
            tone={state === one.state ? "main" : "plain"}
            onClick={() => setState(one.state)}
          >
            {one.name}
          </Button>
        ))}
      </fieldset>
      <p role="status" className="text-muted">
        {said ?? ""}
      </p>
      <Failed title="The list may be behind" error={list.error} />
      {list.isPending ? <p role="status">Loading …</p> : null}
      {list.data && items.length === 0 ? (
        <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
          {state === "waiting" ? "Nothing is waiting for you." : "None yet."}
        </p>
      ) : null}
      <ul className="flex flex-col gap-3">
        {items.map((item) => (
          <QuarantineItem
            key={item.id}
            item={item}
            isOpen={state === "waiting"}
            mayDecide={first.mayDecide}
            onDecided={decided}
          />
        ))}
      </ul>
    </>
  );
}
