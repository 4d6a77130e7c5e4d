import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { useTRPC } from "#features/shell/trpc.tsx";

export type Place = { caseId: string | undefined; pinId: string | undefined };
type Heard = { step: number | undefined; at: number };

/**
 * Tells where the presenter is, each time with a higher number. What was told while nobody could be reached is told again with the
 * next answer: who follows stands elsewhere still.
 *
 * @param presented where this window presents now; nothing where it doesn't
 * @param heard the number that the region said last, and when (ms)
 */
export function useTelling(meetingId: string, presented: Place | undefined, heard: Heard) {
  const trpc = useTRPC();
  const { mutate, error } = useMutation(trpc.room.present.mutationOptions());
  const step = useRef(0);
  useEffect(() => {
    step.current = Math.max(step.current, heard.step ?? 0);
  }, [heard.step]);
  const say = useCallback(
    ({ caseId, pinId }: Place, isOver = false) => {
      step.current += 1;
      mutate({ meetingId, caseId, pinId, step: step.current, isOver });
    },
    [meetingId, mutate],
  );
  const isUntold = error !== null && !error.data;
  const toldAgainAt = useRef(0);
  useEffect(() => {
    if (!isUntold || !presented || toldAgainAt.current === heard.at) return;
    toldAgainAt.current = heard.at;
    say(presented);
  }, [isUntold, presented, heard.at, say]);
  return { say, step };
}
