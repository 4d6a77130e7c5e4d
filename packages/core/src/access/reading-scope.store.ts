import { Prisma } from "@weald/db";
import type { Tx } from "../kernel/index.ts";
import type { ReadingScope } from "./reading-scope.ts";

/** A scope as conditions on a row that has `custodian` and `patient_id`. */
export function scopeConditions(tx: Tx, scope: ReadingScope, row: Prisma.Sql): Prisma.Sql[] {
  const where: Prisma.Sql[] = [];
  const isRelated = Prisma.sql`EXISTS (SELECT 1 FROM relationship l WHERE l.patient_id = ${row}.patient_id AND l.person_id = ${tx.actor.id}
      AND l.starts_at <= ${tx.now}::timestamptz AND l.ends_at > ${tx.now}::timestamptz)`;
  if (scope.custodian) {
    const isOwn = Prisma.sql`${row}.custodian = ${scope.custodian}`;
    where.push(scope.orRelated ? Prisma.sql`(${isOwn} OR ${isRelated})` : isOwn);
  }
  if (scope.onlyRelated) where.push(isRelated);
  const isOpen = Prisma.sql`NOT EXISTS (SELECT 1 FROM patient_record q WHERE q.patient_id = ${row}.patient_id AND q.sensitivities <> '{}')`;
  where.push(scope.sensitiveOf ? Prisma.sql`(${row}.custodian = ${scope.sensitiveOf} OR ${isOpen})` : isOpen);
  return where;
}
