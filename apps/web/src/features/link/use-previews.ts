"use client";
import { useEffect, useState } from "react";
import { takeAgain } from "./take-again.ts";

export type SignedPicture = { seriesId: string; url: string };

/** Small pictures by series, held in this page and let go with it. Their addresses live for less than a minute: each is fetched at once. */
export function usePreviews(signed: readonly SignedPicture[]): ReadonlyMap<string, string> {
  const [previews, setPreviews] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const held: string[] = [];
    const stop = new AbortController();
    async function take({ seriesId, url }: SignedPicture): Promise<void> {
      const blob = await takeAgain(url, stop.signal);
      if (!blob || stop.signal.aborted) return;
      const made = URL.createObjectURL(blob);
      held.push(made);
      setPreviews((before) => new Map(before).set(seriesId, made));
    }
    for (const one of signed) void take(one);
    return () => {
      stop.abort();
      for (const made of held) URL.revokeObjectURL(made);
      setPreviews(new Map());
    };
  }, [signed]);
  return previews;
}
