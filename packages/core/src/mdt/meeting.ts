import { z } from "zod";
import { REGIONS } from "../timeline/index.ts";

/** One engine, three lists (clinical page §16). */
export const LIST_KINDS = ["meeting", "theatre", "clinic"] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** As what somebody belongs to a meeting. It grants nothing but the cases of a published list. */
export const PARTS = [
  "chair",
  "radiologist",
  "pathologist",
  "surgeon",
  "oncologist",
  "physician",
  "nurse",
  "coordinator",
  "other",
] as const;
export type Part = (typeof PARTS)[number];

const words = (longest: number) => z.string().trim().max(longest);
export const Day = z.iso.date();

/** What each case of a meeting needs: "CT chest, at most 28 days old" (clinical page §14). */
export const TemplateLine = z.object({
  kind: z.enum(["imaging", "pathology", "other"]),
  label: words(120).min(1),
  /** Of an imaging line: a study of one of these modalities, showing one of these regions; none: any. */
  modalities: z
    .array(z.string().regex(/^[A-Z0-9]{2,4}$/))
    .max(8)
    .default([]),
  regions: z.array(z.enum(REGIONS)).max(8).default([]),
  /** On the day of the meeting. */
  maxAgeDays: z.number().int().min(1).max(3660).nullish(),
});
export type TemplateLine = z.output<typeof TemplateLine>;

export const QuorumRule = z.object({ part: z.enum(PARTS), atLeast: z.number().int().min(1).max(20) });
export type QuorumRule = z.output<typeof QuorumRule>;

export const ZONES = ["Europe/London"] as const;

/** What a coordinator says of a series. Times are the wall clock's where it is held. */
export const SeriesFields = z.object({
  kind: z.enum(LIST_KINDS).default("meeting"),
  name: words(120).min(2),
  specialty: words(80).min(2),
  /** 1 Monday to 7 Sunday. */
  weekday: z.number().int().min(1).max(7),
  everyWeeks: z.number().int().min(1).max(8).default(1),
  localTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  zone: z.enum(ZONES).default("Europe/London"),
  durationMinutes: z.number().int().min(10).max(720),
  firstOn: Day,
  lastOn: Day.nullish(),
  rooms: z.array(words(80).min(1)).max(20).default([]),
  sites: z.array(words(80).min(1)).max(20).default([]),
  /** The list closes so long before the start, by the wall clock. */
  cutOffHours: z.number().int().min(0).max(336),
  /** Members see a published list's cases until so long after the end. */
  visibleHours: z.number().int().min(0).max(336),
  quorum: z.array(QuorumRule).max(12).default([]),
  template: z.array(TemplateLine).max(20).default([]),
});
export type SeriesFields = z.output<typeof SeriesFields>;

export type Series = Omit<SeriesFields, "lastOn"> & {
  id: string;
  organisation: string;
  lastOn: string | undefined;
  chairId: string | undefined;
  version: number;
  changedBy: string;
  endedAt: Date | undefined;
};

export type Member = {
  personId: string;
  name: string;
  worksFor: string;
  part: Part;
};

export const MEETING_STATES = ["open", "published", "cancelled"] as const;
export type MeetingState = (typeof MEETING_STATES)[number];

export type Meeting = {
  id: string;
  seriesId: string;
  organisation: string;
  kind: ListKind;
  name: string;
  specialty: string;
  zone: string;
  heldOn: string;
  startsAt: Date;
  endsAt: Date;
  cutOffAt: Date;
  rooms: string[];
  /** Its own, else its series'. */
  chairId: string | undefined;
  quorum: QuorumRule[];
  note: string;
  state: MeetingState;
  publishedAt: Date | undefined;
  /** Until then members see the cases of the published list. */
  visibleUntil: Date | undefined;
  version: number;
};
