import { createHash } from "node:crypto";
import type { AuditRecord } from "./record.ts";

/** A row with the transaction that wrote it: what a seal is made of. */
export type SealableRow = AuditRecord & { xid: bigint };

/** In code units, as sorted keys and ids are compared everywhere here. */
const inOrder = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** JSON with the keys of every object in order: the same value is always the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value instanceof Object)
    return `{${Object.entries(value)
      .sort(([a], [b]) => inOrder(a, b))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`)
      .join(",")}}`;
  return JSON.stringify(value ?? null);
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Every column, in a fixed order. A column more is another version of the form: the old one stays for what was sealed by it. */
const columnsOf = (row: SealableRow): unknown[] => [
  1,
  row.id,
  row.at.toISOString(),
  row.action,
  row.verb,
  row.outcome,
  row.reason,
  row.actorKind,
  row.actorId,
  row.role,
  row.organisation,
  row.purpose,
  row.patientId,
  row.studyId,
  row.custodian,
  row.door,
  row.correlationId,
  row.fromAddress,
  row.fromSystem,
  row.sessionId,
  row.isPrefetch,
  row.detail,
  String(row.xid),
];

export const hashOfRow = (row: SealableRow): string => sha256(canonicalJson(columnsOf(row)));
