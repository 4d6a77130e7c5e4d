import * as Access from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Reporting from "../reporting/index.ts";
import { raiseFlag, wasFlagged } from "./flag.store.ts";
import { groupBy } from "./look-facts.ts";
import { CONFIRMED_WITHIN_HOURS, confirmationOf, judgeStating, statingOf } from "./statements.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST = 500;
const COUNTED_DAYS = 30;
/** Somebody is flagged for their statements once in so many days. */
const QUIET_DAYS = 7;

type Judged = Access.StatementRow & { confirmedBy: string | null };

async function judgedOf(tx: Tx, statements: readonly Access.StatementRow[]): Promise<Judged[]> {
  const patientIds = [...new Set(statements.map(({ patientId }) => patientId))];
  const since = new Date(Math.min(...statements.map(({ startsAt }) => startsAt.getTime())) - DAY);
  const bonds = groupBy(await Access.relationshipsOf(tx, patientIds, since), ({ patientId }) => patientId);
  const reports = groupBy(
    await Reporting.reportsOfPatients(tx, patientIds, since),
    ({ patientId }) => patientId,
  );
  return statements.map((one) => ({
    ...one,
    confirmedBy:
      confirmationOf(one, bonds.get(one.patientId) ?? [], reports.get(one.patientId) ?? []) ?? null,
  }));
}

/** The latest statement of each person that nothing bore out. */
const latestUnconfirmed = (judged: readonly Judged[]): Judged[] => [
  ...new Map(judged.filter(({ confirmedBy }) => !confirmedBy).map((one) => [one.personId, one])).values(),
];

async function flagStatement(tx: Tx, one: Judged, rules: readonly string[], detail: Record<string, number>) {
  const records = await Patient.findRecordsOfPatient(tx, one.patientId);
  const held = records.find(({ custodian }) => custodian === one.organisation) ?? records[0];
  if (!held) return;
  const { id: eventId, startsAt, patientId, personId, organisation } = one;
  const look = { eventId, at: startsAt, personId, role: null, organisation, patientId };
  await raiseFlag(tx, { ...look, custodian: held.custodian }, rules, detail);
}

/** Judges statements whose 72 hours are over, and who stated much that nothing bore out. */
export async function judgeStatements(tx: Tx): Promise<{ flags: number; isMore: boolean }> {
  const before = new Date(tx.now.getTime() - CONFIRMED_WITHIN_HOURS * HOUR);
  const statements = await Access.statementsToJudge(tx, before, MOST);
  if (statements.length === 0) return { flags: 0, isMore: false };
  const judged = await judgedOf(tx, statements);
  await Access.noteConfirmations(
    tx,
    judged.map(({ id, confirmedBy }) => ({ id, confirmedBy })),
  );
  const counts = await Access.statementCounts(tx, new Date(tx.now.getTime() - COUNTED_DAYS * DAY));
  const quietSince = new Date(tx.now.getTime() - QUIET_DAYS * DAY);
  let flags = 0;
  for (const one of latestUnconfirmed(judged)) {
    const stating = statingOf(one, counts);
    const found = [];
    for (const rule of judgeStating(stating))
      if (!(await wasFlagged(tx, one.personId, rule, quietSince))) found.push(rule);
    if (found.length === 0) continue;
    await flagStatement(tx, one, found, stating);
    flags += 1;
  }
  return { flags, isMore: statements.length === MOST };
}
