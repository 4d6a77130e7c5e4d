import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Listed = Outputs["room"]["listCases"];
/** By its own keys, as presenter, or where the presenter is. */
export type Mode = "own" | "presenting" | "following";
const FOLLOW_EVERY_MS = 2000;

export type Place = { caseId: string | undefined; pinId: string | undefined };

/**
 * Where this window is: by its own keys; by the presenter's, while it follows. A presenter tells each step with a higher number, so
 * that whoever follows ends on the case that was called last.
 */
export function usePlace(listed: Listed, first: Mode) {
  const trpc = useTRPC();
  const { meetingId } = listed.meeting;
  const [place, setPlace] = useState<Place>({ caseId: listed.cases[0]?.caseId, pinId: undefined });
  const [mode, setMode] = useState<Mode>(first);
  const step = useRef(0);
  const asked = useQuery(
    trpc.room.follow.queryOptions({ meetingId }, { refetchInterval: FOLLOW_EVERY_MS, staleTime: 0 }),
  );
  const now = asked.data;
  const tell = useMutation(trpc.room.present.mutationOptions());
  const say = useCallback(
    (to: Place, isOver = false) => {
      step.current += 1;
      const { caseId, pinId } = to;
      tell.mutate({ meetingId, caseId, pinId, step: step.current, isOver });
    },
    [meetingId, tell.mutate],
  );
  useEffect(() => {
    if (now) step.current = Math.max(step.current, now.step);
  }, [now]);
  useEffect(() => {
    if (mode !== "following" || !now?.isPresenting || !now.caseId) return;
    setPlace({ caseId: now.caseId, pinId: now.pinId });
  }, [mode, now]);
  // Somebody else presents now: this window presents no more.
  useEffect(() => {
    if (mode === "presenting" && now?.isPresenting && !now.isMe && now.step >= step.current) setMode("own");
  }, [mode, now]);
  // Nobody answers: the network is gone, whatever the browser thinks of it.
  const isUnreached = asked.error !== null && !asked.error.data;
  // What was told while nobody could be reached is told again with the next answer: who follows stands elsewhere still.
  const isUntold = tell.error !== null && !tell.error.data;
  const answeredAt = asked.dataUpdatedAt;
  const toldAgainAt = useRef(0);
  useEffect(() => {
    if (!isUntold || mode !== "presenting" || toldAgainAt.current === answeredAt) return;
    toldAgainAt.current = answeredAt;
    say(place);
  }, [isUntold, mode, answeredAt, place, say]);
  // A display is begun by somebody who presents from their own window: it follows them, too.
  const isMine = now?.isPresenting === true && now.isMe && first !== "following";
  const go = (to: Place) => {
    setPlace(to);
    if (mode === "following") setMode("own");
    if (mode === "presenting") say(to);
  };
  return {
    ...{ isUnreached, place, go, mode, presenter: now?.isPresenting && !isMine ? now.presenter : undefined },
    present() {
      setMode("presenting");
      say(place);
    },
    follow: () => setMode("following"),
    end() {
      if (mode === "presenting") say({ caseId: undefined, pinId: undefined }, true);
      setMode("own");
    },
  };
}
