import "server-only";
import { TRPCError } from "@trpc/server";
import { AccessDenied } from "@weald/core/kernel";
import type { Closed } from "#features/link/standing.ts";
import { mineApi } from "./mine-caller.ts";

const OF_REASON: Record<string, Closed> = {
  "link-ended": "ended",
  "link-expired": "expired",
  "link-paused": "paused",
};

/** Why a page of a link shows nothing. Any other failure goes on to the error page. */
export function closedOf(error: unknown): { closed: Closed } {
  if (!(error instanceof TRPCError)) throw error;
  if (error.code === "UNAUTHORIZED") return { closed: "finished" };
  if (error.code === "NOT_FOUND") return { closed: "ended" };
  const why = error.cause instanceof AccessDenied ? OF_REASON[error.cause.reason] : undefined;
  if (!why) throw error;
  return { closed: why };
}

/** What the link of this browser's cookie shows, or why nothing. */
export async function minePage() {
  const caller = await mineApi();
  const view = await caller.read({}).catch(closedOf);
  return { caller, view };
}
