import { z } from "zod";

export const URGENCIES = ["routine", "soon", "urgent"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** So many days a referral opens the record, where its sender says nothing else. */
export const USUAL_DAYS = 14;
export const LONGEST_DAYS = 90;
export const MOST_PRIORS = 5;

export const Question = z.string().trim().min(3).max(2000);

export type Referral = {
  id: string;
  /** Who asks, and for which trust. */
  personId: string;
  organisation: string;
  toPersonId: string;
  toOrganisation: string;
  service: string;
  patientRecordId: string;
  patientId: string;
  question: string;
  urgency: Urgency;
  studyId: string;
  priorIds: string[];
  sentAt: Date;
  openedAt: Date | undefined;
  reply: string | undefined;
  repliedAt: Date | undefined;
  withdrawnAt: Date | undefined;
  endsAt: Date;
};

export type ReferralState = "waiting" | "opened" | "answered" | "withdrawn" | "over";

/** What a referral comes to now. An answer stands, whatever came after it. */
export function stateOf({ openedAt, repliedAt, withdrawnAt, endsAt }: Referral, now: Date): ReferralState {
  if (repliedAt) return "answered";
  if (withdrawnAt) return "withdrawn";
  if (endsAt <= now) return "over";
  return openedAt ? "opened" : "waiting";
}

/** Whether it opens the record to its receiver now. */
export const isInForce = ({ withdrawnAt, endsAt }: Referral, now: Date): boolean =>
  !withdrawnAt && endsAt > now;
