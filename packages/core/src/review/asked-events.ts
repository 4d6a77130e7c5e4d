import { z } from "zod";
import type * as Audit from "../audit/index.ts";
import { type AuditVerb, Invalid, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";

export const VERBS = [
  "listed",
  "looked-up",
  "opened",
  "fetched-ahead",
  "displayed",
  "taken-out",
  "changed",
  "received",
  "told",
  "signed-in",
  "signed-out",
] as const satisfies readonly AuditVerb[];

const Of = z.discriminatedUnion("by", [
  z.object({ by: z.literal("anybody") }),
  z.object({ by: z.literal("nhs-number"), nhsNumber: z.string().max(20) }),
  z.object({ by: z.literal("local-number"), localNumber: z.string().min(1).max(64) }),
  z.object({ by: z.literal("patient"), patientId: z.uuid() }),
]);

/** What an officer asks of the audit. `before`: the last row of the page before, as it was given. */
export const AskedEvents = z.object({
  of: Of.default({ by: "anybody" }),
  actorId: z.string().min(1).max(64).optional(),
  verb: z.enum(VERBS).optional(),
  outcome: z.enum(["success", "denied", "failure"]).optional(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  before: z.object({ at: z.iso.datetime(), id: z.uuid() }).optional(),
});
export type AskedEvents = z.output<typeof AskedEvents>;

async function recordsAsked(tx: Tx, of: AskedEvents["of"], trust: string) {
  if (of.by === "anybody") return undefined;
  if (of.by === "patient") return Patient.findRecordsOfPatient(tx, of.patientId);
  if (of.by === "local-number") {
    const record = await Patient.findRecord(tx, trust, of.localNumber.trim());
    return record ? [record] : [];
  }
  const nhsNumber = Patient.nhsNumberOf(of.nhsNumber);
  if (!nhsNumber)
    throw new Invalid("NHS_NUMBER_INVALID", "That is no valid NHS number: its check digit does not hold.");
  return Patient.findRecordsByNhsNumber(tx, nhsNumber);
}

/** What was asked, as a filter of the audit for the officer of this trust. A number that nobody has finds nothing. */
export async function filterOf(tx: Tx, asked: AskedEvents, trust: string): Promise<Audit.EventFilter> {
  const records = await recordsAsked(tx, asked.of, trust);
  const { actorId, verb, outcome, from, until, before } = asked;
  return {
    trust,
    ...(records ? { patientIds: [...new Set(records.map(({ patientId }) => patientId))] } : {}),
    ...(records ? { isOwnPatient: records.some(({ custodian }) => custodian === trust) } : {}),
    ...(actorId ? { actorId } : {}),
    ...(verb ? { verbs: [verb] } : {}),
    ...(outcome ? { outcome } : {}),
    ...(from ? { from: new Date(from) } : {}),
    ...(until ? { until: new Date(until) } : {}),
    ...(before ? { before: { at: new Date(before.at), id: before.id } } : {}),
  };
}
