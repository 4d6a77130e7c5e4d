"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import { useTRPC } from "#features/shell/trpc.tsx";

type Wishes = { callFirst: "yes" | "no"; quiet: "yes" | "no" };
const WISHES = [
  { key: "callFirst", text: "Call me first: nothing opens until the patient is marked as told" },
  { key: "quiet", text: "Quiet mode: nothing is ever sent; links are handed over in person" },
] as const;

/** What a patient asked for of every link. `first`: as it stands; where no study says so, both are asked anew. */
export function Wishes({ patientId, first }: { patientId: string; first: Wishes }) {
  const trpc = useTRPC();
  const [wishes, setWishes] = useState(first);
  const save = useMutation(trpc.links.setWishes.mutationOptions());
  const change = (next: Wishes) => {
    save.reset();
    setWishes(next);
  };
  return (
    <Panel className="flex flex-col gap-2 px-4 py-3">
      <h2>What the patient asked for</h2>
      {WISHES.map(({ key, text }) => (
        <label key={key} className="flex items-baseline gap-2">
          <input
            type="checkbox"
            checked={wishes[key] === "yes"}
            onChange={() => change({ ...wishes, [key]: wishes[key] === "yes" ? "no" : "yes" })}
          />
          {text}
        </label>
      ))}
      <Button
        className="w-fit"
        disabled={save.isPending}
        onClick={() => save.mutate({ patientId, ...wishes })}
      >
        Keep this
      </Button>
      {save.data ? <p role="status">Kept.</p> : null}
      {save.error ? (
        <Notice tone="danger" title="It wasn't kept">
          {errorText(save.error)}
        </Notice>
      ) : null}
    </Panel>
  );
}
