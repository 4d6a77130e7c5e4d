"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { mine, wordsOf } from "./mine-client.ts";
import { BigButton, Said } from "./parts.tsx";
import type { Step } from "./step.ts";

/** It came to the wrong person: whoever holds a link may end it, and learns nothing by that. */
export function NotMine({ token, onStep }: { token: string | undefined; onStep(step: Step): void }) {
  const [isSure, setIsSure] = useState(false);
  const end = useMutation({
    mutationFn: (ended: string) => mine.notMine.mutate({ token: ended }),
    onSuccess: () => onStep({ at: "not-mine" }),
  });
  if (!token) return null;
  if (!isSure)
    return (
      <BigButton look="plain" onClick={() => setIsSure(true)}>
        This isn't me
      </BigButton>
    );
  return (
    <section
      aria-label="This isn't me"
      className="flex flex-col gap-3 rounded-md border-2 border-field px-4 py-4"
    >
      <p>If this link came to you by mistake, end it. It then works for nobody, and the hospital is told.</p>
      <BigButton look="danger" disabled={end.isPending} onClick={() => end.mutate(token)}>
        End this link
      </BigButton>
      <BigButton look="plain" onClick={() => setIsSure(false)}>
        No, it is for me
      </BigButton>
      {end.error ? <Said tone="wrong">{wordsOf(end.error)}</Said> : null}
    </section>
  );
}
