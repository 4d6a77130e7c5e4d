"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTRPCClient } from "#features/shell/trpc.tsx";

/** What became of a picture: where it lies in this page, or that it can't be had. */
export type Fetched = string | "failed";

const MOST = 60;
const WAIT_MS = 80;

async function fetched(url: string): Promise<Fetched> {
  const answer = await fetch(url).catch(() => undefined);
  return answer?.ok ? URL.createObjectURL(await answer.blob()) : "failed";
}

/**
 * Pictures of series, asked for in batches as they come into view. Each is fetched at once, since its address lives a
 * minute; what is held is let go with the page.
 */
export function usePictures(patientId: string) {
  const client = useTRPCClient();
  const [pictures, setPictures] = useState<ReadonlyMap<string, Fetched>>(new Map());
  const asked = useRef(new Set<string>());
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const held = useRef<string[]>([]);

  const hold = useCallback((seriesId: string, one: Fetched) => {
    if (one !== "failed") held.current.push(one);
    setPictures((before) => new Map(before).set(seriesId, one));
  }, []);

  const askWaiting = useCallback(async () => {
    const seriesIds = [...waiting.current].slice(0, MOST);
    for (const seriesId of seriesIds) waiting.current.delete(seriesId);
    if (waiting.current.size > 0) timer.current = setTimeout(() => void askWaiting(), WAIT_MS);
    if (seriesIds.length === 0) return;
    const signed = await client.timeline.signPictures.mutate({ patientId, seriesIds }).catch(() => undefined);
    const urls = new Map(signed?.pictures.map(({ seriesId, url }) => [seriesId, url]));
    await Promise.all(
      seriesIds.map(async (seriesId) => {
        const url = urls.get(seriesId);
        hold(seriesId, url ? await fetched(url) : "failed");
      }),
    );
  }, [client, patientId, hold]);

  const want = useCallback(
    (seriesIds: readonly string[]) => {
      const fresh = seriesIds.filter((seriesId) => !asked.current.has(seriesId));
      for (const seriesId of fresh) {
        asked.current.add(seriesId);
        waiting.current.add(seriesId);
      }
      if (fresh.length === 0) return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void askWaiting(), WAIT_MS);
    },
    [askWaiting],
  );

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      for (const url of held.current) URL.revokeObjectURL(url);
      held.current = [];
      asked.current.clear();
    },
    [],
  );
  return { pictures, want };
}
