import type { MineError } from "./mine-client.ts";

/** Why nothing is shown any more. */
export type Closed = "ended" | "expired" | "paused" | "finished" | "unreachable";

export const RENEWED_EACH_MS = 20_000;
/** A view that wasn't renewed for so long shows nothing: for a patient that fails safe (clinical page §6). */
export const STANDS_FOR_MS = 30_000;
export const TRIED_AGAIN_MS = 5000;

const OF_REASON: Record<string, Closed> = {
  "link-ended": "ended",
  "link-expired": "expired",
  "link-paused": "paused",
};

/** What a refusal says of the link; `undefined`: nobody answered, and the view stands for a while. */
export function closedBy(error: unknown): Closed | undefined {
  const { data } = error as MineError;
  const reason = OF_REASON[data?.weald?.reason ?? ""];
  if (reason) return reason;
  if (data?.code === "UNAUTHORIZED") return "finished";
  return data?.code === "NOT_FOUND" ? "ended" : undefined;
}

type Renewed = { at: number; closed: Closed | undefined };

/** Whether pictures may be on the screen now. */
export function standingOf({ at, closed }: Renewed, now: number): Closed | "open" {
  if (closed) return closed;
  return now - at > STANDS_FOR_MS ? "unreachable" : "open";
}
