"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Failed } from "#features/shell/failed.tsx";
import { Panel } from "#features/shell/page.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Stands = Outputs["links"]["readWishes"];
type Key = keyof Stands["own"];

const WISHES = [
  { key: "callFirst", text: "Call me first: nothing opens until the patient is marked as told" },
  { key: "quiet", text: "Quiet mode: nothing is ever sent; links are handed over in person" },
] as const satisfies readonly { key: Key; text: string }[];

type WishProps = { patientId: string; wish: (typeof WISHES)[number]; stands: Stands };

/** One wish, kept by itself as soon as it is ticked: a page that was opened before writes over nothing. */
function Wish({ patientId, wish: { key, text }, stands: { own, counts } }: WishProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  // Ticked already, while it is being kept.
  const [asked, setAsked] = useState<boolean>();
  const save = useMutation(
    trpc.links.setWishes.mutationOptions({
      onSuccess: (stands) => queries.setQueryData(trpc.links.readWishes.queryKey({ patientId }), stands),
      onError: () => queries.invalidateQueries({ queryKey: trpc.links.readWishes.queryKey() }),
      onSettled: () => setAsked(undefined),
    }),
  );
  function change() {
    const next = !own[key];
    setAsked(next);
    save.mutate({ patientId, [key]: next ? "yes" : "no" });
  }
  return (
    <div className="flex flex-col gap-1">
      <label className="flex items-baseline gap-2">
        <input type="checkbox" checked={asked ?? own[key]} disabled={save.isPending} onChange={change} />
        {text}
      </label>
      {counts[key] && !own[key] ? (
        <p className="ml-6 text-sm text-muted">They asked another trust for this: it counts here, too.</p>
      ) : null}
      {save.data ? (
        <p role="status" className="ml-6">
          Kept.
        </p>
      ) : null}
      <Failed title="It wasn't kept" error={save.error} />
    </div>
  );
}

/** What a patient asked for of every link. Nothing can be ticked before it is known what stands. */
export function Wishes({ patientId }: { patientId: string }) {
  const trpc = useTRPC();
  const read = useQuery(trpc.links.readWishes.queryOptions({ patientId }));
  const stands = read.data;
  return (
    <Panel className="flex flex-col gap-2 px-4 py-3">
      <h2>What the patient asked for</h2>
      {read.isPending ? <p role="status">Looking what they asked for …</p> : null}
      {stands ? WISHES.map((wish) => <Wish key={wish.key} {...{ patientId, wish, stands }} />) : null}
      <Failed title="What they asked for can't be read" error={read.error} />
    </Panel>
  );
}
