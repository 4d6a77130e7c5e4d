import { z } from "zod";
import type { Fixed, Part } from "../mdt/index.ts";

export const OUTCOME_KINDS = ["decided", "deferred", "not-discussed"] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];
export const OPINIONS = ["agrees", "differs-minor", "differs-major"] as const;
export type Opinion = (typeof OPINIONS)[number];
export const CHANGE_KINDS = ["report-amended", "study-corrected", "images-after"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];
export const CHANNELS = ["record", "gp"] as const;
export type Channel = (typeof CHANNELS)[number];

const words = (longest: number) => z.string().trim().max(longest);

/** TNM as a meeting speaks it: a prefix (clinical, pathological, after treatment, recurrence), three fields, stage and edition. */
export const Staging = z.object({
  prefix: z.enum(["", "c", "p", "yc", "yp", "r"]).default(""),
  t: z
    .string()
    .trim()
    .regex(/^$|^[A-Za-z0-9()+-]{1,12}$/)
    .default(""),
  n: z
    .string()
    .trim()
    .regex(/^$|^[A-Za-z0-9()+-]{1,12}$/)
    .default(""),
  m: z
    .string()
    .trim()
    .regex(/^$|^[A-Za-z0-9()+-]{1,12}$/)
    .default(""),
  stage: words(20).default(""),
  edition: words(20).default(""),
});
export type Staging = z.output<typeof Staging>;

/** What two people may write at the same time, under one version. */
export const OutcomeWords = z.object({
  kind: z.enum(OUTCOME_KINDS),
  decision: words(4000),
  staging: Staging.nullish(),
  deferralReason: words(1000).nullish(),
});
export type OutcomeWords = z.output<typeof OutcomeWords>;

export const Present = z.object({
  people: z.array(
    z.object({ attendee: z.string(), name: z.string(), worksFor: z.string(), part: z.string() }),
  ),
  quorum: z.object({ isMet: z.boolean(), missing: z.array(z.string()) }),
  withoutQuorum: z.string().optional(),
});
export type Present = z.output<typeof Present>;

export type Attendance = { attendee: string; worksFor: string; part: string; isPresent: boolean };
type Rule = { part: Part; atLeast: number };

/** Whether those who are there are those whom the series asks for: each missing part with how many of it are there. */
export function judgeQuorum(
  rules: readonly Rule[],
  present: readonly { part: string }[],
): { isMet: boolean; missing: string[] } {
  const missing = rules.flatMap(({ part, atLeast }) => {
    const there = present.filter((one) => one.part === part).length;
    return there >= atLeast ? [] : [`${part} (${there} of ${atLeast})`];
  });
  return { isMet: missing.length === 0, missing };
}

/** A study as it is served now to nobody in particular: what a signed outcome is held against. */
export type StudyNow = {
  studyId: string;
  patientId: string;
  servedVersion: number;
  images: number;
  receivedAt: Date;
  studyDate: string | undefined;
  isServed: boolean;
  report: { reportId: string; version: number } | undefined;
};
export type Signed = { patientId: string; signedAt: Date; fixed: Fixed };
export type FoundChange = { kind: ChangeKind; subjectId: string; version: number };

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** Made before the meeting and come after it: it would have been seen, had it been there. */
const cameLate = ({ receivedAt, studyDate }: StudyNow, { signedAt }: Signed): boolean =>
  receivedAt > signedAt && studyDate !== undefined && studyDate <= dayOf(signedAt);

/**
 * What of a study is not as it was when an outcome was signed (clinical page §15). Pure; heard again it says the same, under the
 * same version.
 */
export function changesUnder(signed: Signed, now: StudyNow): FoundChange[] {
  const was = signed.fixed.studies.find(({ studyId }) => studyId === now.studyId);
  const subjectId = now.studyId;
  if (!was)
    return now.isServed && now.patientId === signed.patientId && cameLate(now, signed)
      ? [{ kind: "images-after", subjectId, version: now.images }]
      : [];
  const changes: FoundChange[] = [];
  const isElsewhere = !now.isServed || now.patientId !== signed.patientId;
  if (now.servedVersion > was.servedVersion || isElsewhere)
    changes.push({ kind: "study-corrected", subjectId, version: now.servedVersion });
  if (now.images > was.images) changes.push({ kind: "images-after", subjectId, version: now.images });
  const report = signed.fixed.reports.find(({ studyId }) => studyId === now.studyId);
  const isSame = report?.reportId === now.report?.reportId && report?.version === now.report?.version;
  if (now.report && !isSame)
    changes.push({ kind: "report-amended", subjectId: now.report.reportId, version: now.report.version });
  return changes;
}
