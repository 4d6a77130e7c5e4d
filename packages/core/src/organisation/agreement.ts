import { PURPOSES } from "../kernel/index.ts";

/** What an agreement may be about. */
export const KINDS = ["images", "reports", "requests"] as const;
export type Kind = (typeof KINDS)[number];
export { PURPOSES };

/** What is open when an agreement ends may be read so much longer, unless it was stopped (clinical page §6). */
export const GRACE_MINUTES = 60;

export type Agreement = {
  agreementId: string;
  odsCode: string;
  /** The one other that it is with; every member of the region without. */
  withOds: string | undefined;
  kinds: string[];
  purposes: string[];
  startsAt: string;
  endsAt: string | undefined;
  stoppedAt: string | undefined;
  reason: string | undefined;
};

export type AgreementState = "coming" | "in-force" | "ending" | "ended" | "stopped";

export function stateOf({ startsAt, endsAt, stoppedAt }: Agreement, now: Date): AgreementState {
  if (stoppedAt && new Date(stoppedAt) <= now) return "stopped";
  if (new Date(startsAt) > now) return "coming";
  if (!endsAt) return "in-force";
  return new Date(endsAt) > now ? "ending" : "ended";
}
