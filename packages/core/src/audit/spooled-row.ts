import { z } from "zod";

const text = z.string().nullable();
const id = z.uuid().nullable();

/** A row of the audit as the spool keeps it. */
export const SpooledRow = z.object({
  id: z.uuid(),
  at: z.coerce.date(),
  action: z.string(),
  verb: z.string(),
  outcome: z.string(),
  reason: text,
  actorKind: z.string(),
  actorId: z.string(),
  role: text,
  organisation: text,
  purpose: text,
  patientId: id,
  studyId: id,
  custodian: text,
  door: z.string(),
  correlationId: z.string(),
  fromAddress: text,
  fromSystem: text,
  sessionId: text,
  isPrefetch: z.boolean(),
  detail: z.unknown().optional(),
});
export type SpooledRow = z.output<typeof SpooledRow>;
