import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";
import { keepMode, keptMode, type Mode } from "./keep-mode.ts";
import { type Place, useTelling } from "./use-telling.ts";

type Listed = Outputs["room"]["listCases"];
const FOLLOW_EVERY_MS = 2000;

const firstPlace = ({ cases }: Listed, at: string | undefined): Place => ({
  caseId: (cases.find(({ caseId }) => caseId === at) ?? cases[0])?.caseId,
  pinId: undefined,
});

/** The case stands in the address, so that a reload comes back to it. */
function useAddress(caseId: string | undefined, as: "room" | "display"): void {
  useEffect(() => {
    if (as === "room" && caseId) window.history.replaceState(null, "", `?case=${caseId}`);
  }, [as, caseId]);
}

/**
 * Where this window is: by its own keys; by the presenter's, while it follows. A presenter tells each step with a higher number, so
 * that whoever follows ends on the case that was called last. What a tab does outlives a reload.
 *
 * @param at the case that the address names
 */
export function usePlace(listed: Listed, as: "room" | "display", at: string | undefined) {
  const trpc = useTRPC();
  const { meetingId } = listed.meeting;
  const [place, setPlace] = useState<Place>(() => firstPlace(listed, at));
  const [mode, setMode] = useState<Mode>(as === "display" ? "following" : "own");
  useAddress(place.caseId, as);
  const asked = useQuery(
    trpc.room.follow.queryOptions({ meetingId }, { refetchInterval: FOLLOW_EVERY_MS, staleTime: 0 }),
  );
  const now = asked.data;
  const presented = mode === "presenting" ? place : undefined;
  const { say, step } = useTelling(meetingId, presented, { step: now?.step, at: asked.dataUpdatedAt });
  const turnTo = useCallback(
    (to: Mode) => {
      setMode(to);
      if (as === "room") keepMode(meetingId, to);
    },
    [meetingId, as],
  );
  // After a reload: who presented presents still, unless somebody else does by now.
  const isKnown = useRef(as === "display");
  useEffect(() => {
    if (isKnown.current || !now) return;
    isKnown.current = true;
    const kept = keptMode(meetingId);
    if (kept === "following") turnTo(kept);
    if (kept !== "presenting") return;
    turnTo(now.isPresenting && now.isMe ? kept : "own");
  }, [now, meetingId, turnTo]);
  useEffect(() => {
    if (mode !== "following" || !now?.isPresenting || !now.caseId) return;
    setPlace({ caseId: now.caseId, pinId: now.pinId });
  }, [mode, now]);
  // Somebody else presents now: this window presents no more.
  useEffect(() => {
    if (mode === "presenting" && now?.isPresenting && !now.isMe && now.step >= step.current) turnTo("own");
  }, [mode, now, step, turnTo]);
  // Nobody answers: the network is gone, whatever the browser thinks of it.
  const isUnreached = asked.error !== null && !asked.error.data;
  // A display is begun by somebody who presents from their own window: it follows them, too.
  const isMine = now?.isPresenting === true && now.isMe && as === "room";
  const go = (to: Place) => {
    setPlace(to);
    if (mode === "following") turnTo("own");
    if (mode === "presenting") say(to);
  };
  return {
    ...{ isUnreached, place, go, mode, presenter: now?.isPresenting && !isMine ? now.presenter : undefined },
    present() {
      turnTo("presenting");
      say(place);
    },
    follow: () => turnTo("following"),
    end() {
      if (mode === "presenting") say({ caseId: undefined, pinId: undefined }, true);
      turnTo("own");
    },
  };
}
