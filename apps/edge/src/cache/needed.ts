import { z } from "zod";

/** A study that today's lists need. Its parts become names of folders: they are what they seem. */
export const NeededStudy = z.object({
  studyId: z.uuid(),
  custodian: z.string().regex(/^[A-Z0-9]{1,12}$/),
  studyInstanceUid: z.string().regex(/^[0-9.]{1,64}$/),
  patientId: z.uuid(),
  instances: z.number().int().min(0),
  /** Kept once it is still: until then it would be fetched again and again. */
  isArriving: z.boolean(),
  /** Another one whenever anything of what is served of it is. */
  mark: z.string().regex(/^[0-9a-f]{32}$/),
});
export type NeededStudy = z.output<typeof NeededStudy>;

/** The region's answer. */
export const Needed = z.object({
  mark: z.string(),
  isSame: z.boolean(),
  isCut: z.boolean(),
  studies: z.array(NeededStudy),
});
export type Needed = z.output<typeof Needed>;

/** Of a study as it was served at one time: what is kept under it is never of another time. */
export const keyOf = ({ studyId, mark }: NeededStudy): string => `${studyId}-${mark}`;
