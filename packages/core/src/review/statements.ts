import { z } from "zod";
import type { Bond } from "./unusual.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What bears a statement out may come so much later, and may have begun a day before. */
export const CONFIRMED_WITHIN_HOURS = 72;
const CONFIRMING = ["admission", "clinic", "request", "referral"];

export type Statement = { personId: string; organisation: string; startsAt: Date };
export type Reported = { custodian: string; reportedAt: Date };

/**
 * What bore a statement out: an admission, appointment, request, referral or report of the person's own trust, the nearest to
 * a team that messages name. `undefined`: nothing did.
 */
export function confirmationOf(
  { organisation, startsAt }: Statement,
  bonds: readonly Bond[],
  reports: readonly Reported[],
): string | undefined {
  const from = startsAt.getTime() - DAY;
  const until = startsAt.getTime() + CONFIRMED_WITHIN_HOURS * HOUR;
  const bond = bonds.find(
    (one) =>
      CONFIRMING.includes(one.kind) &&
      !one.isProvisional &&
      one.organisation === organisation &&
      one.startsAt.getTime() <= until &&
      one.endsAt.getTime() >= from,
  );
  if (bond) return bond.kind;
  const report = reports.find(
    ({ custodian, reportedAt }) =>
      custodian === organisation && reportedAt.getTime() >= from && reportedAt.getTime() <= until,
  );
  return report ? "report" : undefined;
}

/** A person's statements of a month, beside those of their colleagues in the same trust. */
export const Stating = z.object({
  stated: z.number().int(),
  confirmed: z.number().int(),
  peersStated: z.number().int(),
  peersConfirmed: z.number().int(),
});
export type Stating = z.output<typeof Stating>;

type Counts = { personId: string; organisation: string; stated: number; confirmed: number };
const sum = (counts: readonly Counts[], of: "stated" | "confirmed") =>
  counts.reduce((all, one) => all + one[of], 0);

export function statingOf({ personId, organisation }: Statement, counts: readonly Counts[]): Stating {
  const here = counts.filter((one) => one.organisation === organisation);
  const own = here.filter((one) => one.personId === personId);
  const peers = here.filter((one) => one.personId !== personId);
  return {
    stated: sum(own, "stated"),
    confirmed: sum(own, "confirmed"),
    peersStated: sum(peers, "stated"),
    peersConfirmed: sum(peers, "confirmed"),
  };
}

const shareOf = (confirmed: number, stated: number) => (stated === 0 ? 0 : confirmed / stated);

export type StatingRule = {
  code: string;
  says(stating: Stating): string;
  source: string;
  finds(stating: Stating): boolean;
};

/** Fewer say nothing of a person; fewer say nothing of colleagues. */
const LEAST_STATED = 10;
const LEAST_OF_PEERS = 20;
/** Of what colleagues' share is. On call for a neighbouring trust much stays unconfirmed: a half is not a fault. */
const LOW = 0.5;

/** What is unusual of somebody's statements together, as data. */
export const STATING_RULES: readonly StatingRule[] = [
  {
    code: "unconfirmed-statements",
    says: ({ stated, confirmed, peersStated, peersConfirmed }) =>
      `They stated ${stated} times in a month why they look, and ${confirmed} were confirmed; of their colleagues' ${Math.round(100 * shareOf(peersConfirmed, peersStated))} % are. This patient is the latest of whom nothing confirmed it.`,
    source:
      "relationship: statements, and what admissions, appointments, requests, referrals and reports confirm of them",
    finds: ({ stated, confirmed, peersStated, peersConfirmed }) =>
      stated >= LEAST_STATED &&
      peersStated >= LEAST_OF_PEERS &&
      shareOf(confirmed, stated) < LOW * shareOf(peersConfirmed, peersStated),
  },
];

export const judgeStating = (stating: Stating): string[] =>
  STATING_RULES.filter((rule) => rule.finds(stating)).map(({ code }) => code);
