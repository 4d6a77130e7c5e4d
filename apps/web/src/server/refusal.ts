import "server-only";
import { TRPCError } from "@trpc/server";
import { AccessDenied } from "@weald/core/kernel";
import { redirect } from "next/navigation";

export type Refusal = { refused: string; title: string; text: string };

const WORDS: Record<string, { title: string; text: string }> = {
  "other-trust": {
    title: "These images belong to another trust",
    text: "Your role shows your own trust's work. Sign in under the contract with which you treat the patient.",
  },
  sensitive: {
    title: "This record is restricted",
    text: "The trust that holds it decides who sees it. Ask its radiology department by telephone; where care can't wait, look the patient up and break the glass.",
  },
  objection: {
    title: "The patient keeps this to one trust",
    text: "They asked that it isn't seen beyond the trust that holds it. Ask them, or that trust; where care can't wait, look the patient up and break the glass.",
  },
  "own-record": {
    title: "This is your own record",
    text: "As a member of staff you don't open it. Ask for it as a patient: your trust's privacy officer says how.",
  },
  "agreement-ended": {
    title: "The trust that holds this shares no more with yours",
    text: "Their agreement has ended. Ask that trust's radiology department by telephone.",
  },
  "not-sent": {
    title: "This wasn't sent to you",
    text: "You open the studies that a trust has sent to you to report, and nothing else of the patient. Ask the trust for what you need beside them.",
  },
  "not-agreed": {
    title: "No agreement covers this",
    text: "The trust that holds it shares other kinds of data with yours, or for other purposes. Ask its radiology department.",
  },
};
const ELSE = { title: "Your role doesn't include this", text: "Ask your PACS team if it should." };

/** What a page shows in place of what was refused. Any other failure goes on to the error page. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof TRPCError)) throw error;
  // From one page to the next the layout isn't asked again: the session may have ended meanwhile.
  if (error.code === "UNAUTHORIZED") redirect("/sign-in?ended=elsewhere");
  if (error.code === "NOT_FOUND" || error.code === "BAD_REQUEST") return { refused: "not-found", ...ELSE };
  if (!(error.cause instanceof AccessDenied)) throw error;
  return { refused: error.cause.reason, ...(WORDS[error.cause.reason] ?? ELSE) };
}
