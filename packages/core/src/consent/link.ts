import { z } from "zod";

export const RECIPIENTS = ["patient", "proxy", "passed-on"] as const;
export type Recipient = (typeof RECIPIENTS)[number];

export const PURPOSES_OF_LINKS = ["own-record", "second-opinion", "care-elsewhere"] as const;

export const USUAL_DAYS = 30;
export const LONGEST_DAYS = 365;
export const MOST_STUDIES = 20;

export const CODE_MINUTES = 10;
export const SESSION_HOURS = 12;

/** What of one study a link shows. Frames are counted from 1; none: all of the image. */
export const Scope = z.object({
  studyId: z.uuid(),
  shows: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("study") }),
      z.object({ kind: z.literal("series"), seriesIds: z.array(z.uuid()).min(1).max(200) }),
      z.object({
        kind: z.literal("images"),
        images: z
          .array(
            z.object({
              instanceId: z.uuid(),
              frames: z.array(z.number().int().min(1)).max(200).default([]),
            }),
          )
          .min(1)
          .max(200),
      }),
    ])
    .default({ kind: "study" }),
});
export type Scope = z.output<typeof Scope>;
export const Scopes = z
  .array(Scope)
  .min(1)
  .max(MOST_STUDIES)
  .refine((all) => new Set(all.map(({ studyId }) => studyId)).size === all.length);

/** A row of what a link shows. */
export type Item = {
  studyId: string;
  seriesId: string | undefined;
  instanceId: string | undefined;
  frames: readonly number[];
};

export const ENDINGS = ["by-staff", "by-patient", "not-me", "parent", "proxy", "death", "contact"] as const;
export type Ending = (typeof ENDINGS)[number];

export type Link = {
  id: string;
  organisation: string;
  patientRecordId: string;
  patientId: string;
  recipient: Recipient;
  proxyId: string | undefined;
  parentId: string | undefined;
  passedTo: string | undefined;
  passedAddress: string | undefined;
  contactId: string | undefined;
  delivery: "sent" | "in-person";
  purpose: string;
  hasReport: boolean;
  mayDownload: boolean;
  asksBirthDate: boolean;
  issuedBy: string;
  issuedAt: Date;
  endsAt: Date;
  deliveredAt: Date | undefined;
  lockedAt: Date | undefined;
  endedAt: Date | undefined;
  endedWhy: Ending | undefined;
};

export type LinkState = "alive" | "locked" | "ended" | "expired";

/** What a link is worth now. What was ended stays so, whatever came after. */
export function stateOf(
  { endedAt, endsAt, lockedAt }: Pick<Link, "endedAt" | "endsAt" | "lockedAt">,
  now: Date,
): LinkState {
  if (endedAt) return "ended";
  if (endsAt <= now) return "expired";
  return lockedAt ? "locked" : "alive";
}

/** Endings of which whoever has the link and its code may know: nothing went wrong with who they are. */
const TOLD: readonly (Ending | undefined)[] = ["by-staff", "by-patient", "parent"];

/** A code goes out also for a link that is over, for so long: its page says kindly that it is. */
const TOLD_DAYS = 30;

export function answersCodes(link: Link, now: Date): boolean {
  const state = stateOf(link, now);
  if (state === "alive") return true;
  const over = state === "ended" ? link.endedAt : state === "expired" ? link.endsAt : undefined;
  const isTold = state === "expired" || TOLD.includes(link.endedWhy);
  return over !== undefined && isTold && now.getTime() - over.getTime() < TOLD_DAYS * 86_400_000;
}
