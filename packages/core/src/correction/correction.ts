import { z } from "zod";

/** Why something isn't served any more. @see DICOM PS3.16 CID 7010, IHE RAD TF-3 4.66 (IOCM) */
export const REJECTION_CODES = {
  "113001": "Rejected for Quality Reasons",
  "113037": "Rejected for Patient Safety Reasons",
  "113038": "Incorrect Modality Worklist Entry",
} as const;
export type RejectionCode = keyof typeof REJECTION_CODES;
/** Nothing is deleted here, so 113039 (Data Retention Policy Expired) is not offered. */
const Code = z.enum(["113001", "113037", "113038"]);

export const SIDES = ["L", "R", "B", "U"] as const;

const MOST = 1000;
const reason = z.string().trim().min(3).max(500);
const studyId = z.uuid();
const ids = z.array(z.uuid()).max(MOST).default([]);
const text = z.string().trim().min(1).max(64).nullable();

const Reject = z.object({
  kind: z.literal("reject"),
  studyId,
  level: z.enum(["study", "series", "instance"]),
  ids,
  code: Code,
  reason,
});
const Move = z.object({
  kind: z.literal("move"),
  studyId,
  patientId: z.uuid(),
  /** Of the right patient's order; without it the study claims none. */
  accession: z
    .object({
      accessionNumber: z.string().trim().min(1).max(16),
      issuer: z.string().trim().max(64).optional(),
    })
    .optional(),
  reason,
});
const Split = z.object({
  kind: z.literal("split"),
  studyId,
  level: z.enum(["series", "instance"]),
  ids: z.array(z.uuid()).min(1).max(MOST),
  into: z.union([z.object({ studyId: z.uuid() }), z.object({ patientId: z.uuid() })]),
  reason,
});
/** Values to be served; `null`: served empty. What isn't named stays. */
const Says = z.object({
  description: text.optional(),
  bodyPart: z
    .string()
    .regex(/^[A-Z0-9 _]{1,16}$/)
    .nullable()
    .optional(),
  laterality: z.enum(SIDES).nullable().optional(),
  /** Somebody looked for text in the pictures: what shows none goes out where the site is masked (clinical page §7). */
  burnedIn: z.enum(["NO", "YES"]).optional(),
  studyDate: z.iso.date().optional(),
  accessionNumber: z.string().trim().min(1).max(16).nullable().optional(),
});
const Correct = z.object({
  kind: z.literal("correct"),
  studyId,
  level: z.enum(["study", "series", "instance"]),
  ids: z.array(z.uuid()).max(200).default([]),
  says: Says.refine((says) => Object.values(says).some((value) => value !== undefined)),
  reason,
});

/** What is asked to be put right (clinical page §2). */
export const Asked = z.discriminatedUnion("kind", [Reject, Move, Split, Correct]);
export type Asked = z.output<typeof Asked>;
export type Kind = Asked["kind"];
export type Says = z.output<typeof Says>;

/** As an open viewer, a list of corrections and a notice say it. */
export const HOW: Record<Kind, string> = {
  reject: "rejected",
  move: "moved",
  split: "split",
  correct: "corrected",
};

/** The study is said to be another patient's, or unsafe: it isn't shown while the second person is asked. */
export const withholds = (asked: Asked): boolean =>
  asked.kind === "move" || (asked.kind === "reject" && asked.code !== "113001");

/** What a person who opened it must know: whose it is, which side, or that it shouldn't have been looked at. */
export const tellsReaders = (asked: Asked): boolean =>
  asked.kind !== "correct" || asked.says.laterality !== undefined || asked.says.studyDate !== undefined;
