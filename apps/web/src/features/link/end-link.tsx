"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { mine, wordsOf } from "./mine-client.ts";
import { BigButton, Card, Said } from "./parts.tsx";

/** For good, by whose link it is. From a second press on. */
export function EndLink({ mayDownload }: { mayDownload: boolean }) {
  const [isSure, setIsSure] = useState(false);
  const end = useMutation({
    mutationFn: () => mine.end.mutate({}),
    onSuccess: () => window.location.replace("/link/images"),
  });
  return (
    <Card label="End your link">
      <h2 className="text-[1.5rem]">End your link</h2>
      <p>
        Nobody can open it any more, nor anything that you passed on of it.
        {mayDownload ? " What somebody downloaded already stays with them." : ""}
      </p>
      {isSure ? (
        <>
          <BigButton look="danger" disabled={end.isPending} onClick={() => end.mutate()}>
            Yes, end my link
          </BigButton>
          <BigButton look="plain" onClick={() => setIsSure(false)}>
            No, keep it
          </BigButton>
        </>
      ) : (
        <BigButton look="danger" onClick={() => setIsSure(true)}>
          End my link …
        </BigButton>
      )}
      {end.error ? <Said tone="wrong">{wordsOf(end.error)}</Said> : null}
    </Card>
  );
}
