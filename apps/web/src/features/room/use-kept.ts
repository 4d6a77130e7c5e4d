import type { TRPCClient } from "@trpc/client";
import { useEffect, useRef, useState } from "react";
import { type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";
import type { AppRouter } from "#server/routers/app.ts";
import { shownAt } from "./shown-at.ts";

/** A case as it stays readable without the network: its words, and a reduced picture of what it shows first. */
export type Kept = Outputs["room"]["keepCase"] & { picture: string | undefined };
type Case = Outputs["room"]["listCases"]["cases"][number];

/** What is kept is no older than that while the network is there. */
const KEPT_FOR_MS = 5 * 60_000;

async function pictureOf(
  client: TRPCClient<AppRouter>,
  { shown }: Outputs["room"]["keepCase"],
): Promise<string | undefined> {
  const at = shownAt(shown, undefined);
  const seriesId = shown.studies.find(({ studyId }) => studyId === at?.studyId)?.firstSeriesId;
  if (!seriesId || !shown.patient) return undefined;
  const { patientId } = shown.patient;
  const { pictures } = await client.timeline.signPictures.mutate({ patientId, seriesIds: [seriesId] });
  const [signed] = pictures;
  const answer = signed && (await fetch(signed.url));
  return answer?.ok ? URL.createObjectURL(await answer.blob()) : undefined;
}

/** Brings each case here before it is called, one after the other; what can't be had now is tried again the next time. */
export function useKept(cases: readonly Case[], isLost: boolean): ReadonlyMap<string, Kept> {
  const client = useTRPCClient();
  const [kept, setKept] = useState<ReadonlyMap<string, Kept>>(new Map());
  const pictures = useRef(new Map<string, string>());
  // Of a restricted record nothing is kept: it isn't shown either.
  const wanted = cases.flatMap(({ caseId, patient }) => (patient ? [caseId] : [])).join();
  useEffect(() => {
    if (isLost) return;
    let isOver = false;
    const keepAll = async () => {
      for (const caseId of wanted.split(",").filter(Boolean)) {
        if (isOver) return;
        const one = await client.room.keepCase.query({ caseId }).catch(() => undefined);
        if (!one || isOver) continue;
        const last = pictures.current.get(caseId);
        const picture = (await pictureOf(client, one).catch(() => undefined)) ?? last;
        if (picture) pictures.current.set(caseId, picture);
        setKept((before) => new Map(before).set(caseId, { ...one, picture }));
        // A display stands for eight hours: what was replaced is let go of.
        if (last && last !== picture) URL.revokeObjectURL(last);
      }
    };
    void keepAll();
    const timer = setInterval(() => void keepAll(), KEPT_FOR_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [client, wanted, isLost]);
  useEffect(() => {
    const { current } = pictures;
    return () => {
      for (const url of current.values()) URL.revokeObjectURL(url);
    };
  }, []);
  return kept;
}

const LOOKS = "weald.room.looks";
type Look = { caseId: string; lookedAt: string };
const looks = (): Look[] => JSON.parse(sessionStorage.getItem(LOOKS) ?? "[]") as Look[];
const writeLooks = (all: readonly Look[]) => sessionStorage.setItem(LOOKS, JSON.stringify(all));

/** What is looked at without the network is told when it is back: ids and times wait in this window, nothing of a patient. */
export function useLooks(caseId: string | undefined, isLost: boolean): void {
  const client = useTRPCClient();
  useEffect(() => {
    if (isLost && caseId) writeLooks([...looks(), { caseId, lookedAt: new Date().toISOString() }]);
  }, [isLost, caseId]);
  useEffect(() => {
    if (isLost) return;
    const tell = async () => {
      for (const look of looks()) {
        await client.room.noteLook.mutate(look);
        writeLooks(looks().filter(({ lookedAt }) => lookedAt !== look.lookedAt));
      }
    };
    // Still not back: the next time tells of it.
    tell().catch(() => {});
  }, [client, isLost]);
}
