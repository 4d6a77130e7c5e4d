import type { AuditVerb } from "../kernel/index.ts";

/** A row of the audit as it is read again. Ids, codes and counts. */
export type AuditRecord = {
  id: string;
  at: Date;
  action: string;
  verb: AuditVerb;
  outcome: "success" | "denied" | "failure";
  reason: string | null;
  actorKind: "person" | "client" | "system" | "patient";
  actorId: string;
  role: string | null;
  organisation: string | null;
  purpose: string | null;
  patientId: string | null;
  studyId: string | null;
  custodian: string | null;
  door: string;
  correlationId: string;
  fromAddress: string | null;
  fromSystem: string | null;
  sessionId: string | null;
  isPrefetch: boolean;
  detail: unknown;
};
