"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Failed } from "#features/shell/failed.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { OutsideDisc } from "./outside-disc.tsx";

type Props = { first: Outputs["ingest"]["listOutside"]; onDecided(uploadId: string): void };

/** The sender's own discs that name somebody else than was chosen. Nothing waits: nothing is shown. */
export function OutsideDiscs({ first, onDecided }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [said, setSaid] = useState<string>();
  const list = useQuery(trpc.ingest.listOutside.queryOptions({}, { initialData: first, staleTime: 0 }));
  async function decided(uploadId: string, text: string) {
    setSaid(text);
    await queries.invalidateQueries({ queryKey: trpc.ingest.listOutside.queryKey() });
    onDecided(uploadId);
  }
  const { discs } = list.data;
  return (
    <>
      <p role="status" className={said ? "text-muted" : "sr-only"}>
        {said ?? (discs.length > 0 ? `${discs.length} waiting for your word, at the head of this page` : "")}
      </p>
      <Failed title="Discs that wait for you may be missing here" error={list.error} />
      {discs.length > 0 ? (
        <section aria-labelledby="discs-that-wait" className="flex flex-col gap-3">
          <h2 id="discs-that-wait">Discs that wait for your word</h2>
          <p className="max-w-prose text-muted">
            These name somebody else than the patient whom you chose. Nothing of them is in the record yet.
          </p>
          <ul className="flex flex-col gap-3">
            {discs.map((disc) => (
              <OutsideDisc key={`${disc.uploadId}/${disc.identityKey}`} disc={disc} onDecided={decided} />
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}
