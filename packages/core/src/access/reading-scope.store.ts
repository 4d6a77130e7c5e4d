import { Prisma } from "@weald/db";
import { organisationOf, type Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import { type Kind, readOrganisations } from "../organisation/index.ts";
import { HIDDEN, SENSITIVITIES } from "../patient/index.ts";
import { agreedPurpose } from "./agreed.ts";
import { CARING, GLASS, MASKING } from "./reading.policy.ts";
import type { ReadingScope } from "./reading-scope.ts";

type Row = Prisma.Sql;

/** A relationship `l` of this person, now. */
const isInForce = (tx: Tx) =>
  Prisma.sql`l.person_id = ${tx.actor.id} AND l.starts_at <= ${tx.now}::timestamptz AND l.ends_at > ${tx.now}::timestamptz`;

const isRelated = (tx: Tx, row: Row, kinds?: readonly string[]) =>
  Prisma.sql`EXISTS (SELECT 1 FROM relationship l WHERE l.patient_id = ${row}.patient_id AND ${isInForce(tx)} AND l.study_id IS NULL
      ${kinds ? Prisma.sql`AND l.kind = ANY (${[...kinds]}::text[])` : Prisma.empty})`;

/** Sent to this person to report: this study, and nothing else of the patient. */
const isSent = (tx: Tx, row: Row) =>
  Prisma.sql`EXISTS (SELECT 1 FROM relationship l WHERE l.patient_id = ${row}.patient_id AND ${isInForce(tx)} AND l.study_id = ${row}.id)`;

// Names of tables here are no row's that a caller brings: `q` was, and then every request was marked once anything was.
const isMarked = (row: Row, classes?: readonly string[]) =>
  Prisma.sql`EXISTS (SELECT 1 FROM sensitive_mark marked WHERE marked.patient_id = ${row}.patient_id
      ${classes ? Prisma.sql`AND marked.classes && ${[...classes]}::text[]` : Prisma.empty})`;

const isObjectedTo = (tx: Tx, row: Row) =>
  Prisma.sql`EXISTS (SELECT 1 FROM objection j WHERE j.patient_id = ${row}.patient_id AND j.held_by = ${row}.custodian
      AND (j.study_id IS NULL OR j.study_id = ${row}.id)
      AND j.starts_at <= ${tx.now}::timestamptz AND (j.ends_at IS NULL OR j.ends_at > ${tx.now}::timestamptz))`;

const isOwnRecord = (tx: Tx, row: Row) =>
  Prisma.sql`EXISTS (SELECT 1 FROM own_record o WHERE o.patient_id = ${row}.patient_id AND o.person_id = ${tx.actor.id} AND o.ended_at IS NULL)`;

/** Asked once a statement, not once a row. */
const isShared = (tx: Tx, row: Row, kind: Kind) =>
  Prisma.sql`${row}.custodian = ANY ((SELECT weald.custodians_sharing(${organisationOf(tx.actor)}, ${kind}, ${agreedPurpose(tx.purpose)}, ${tx.now}::timestamptz))::text[])`;

/** Who shares this kind of thing with the actor's organisation for the purpose at hand, itself included. */
export async function findCustodiansSharing(tx: Tx, kind: Kind): Promise<string[]> {
  if (tx.actor.kind === "system") return (await readOrganisations(tx)).map(({ odsCode }) => odsCode);
  const [row] = await databaseOf(tx).$queryRaw<{ custodians: string[] | null }[]>`
    SELECT weald.custodians_sharing(${organisationOf(tx.actor)}, ${kind}, ${agreedPurpose(tx.purpose)}, ${tx.now}::timestamptz) AS custodians`;
  return row?.custodians ?? [];
}

const textsOf = (texts: readonly string[]) => Prisma.sql`${[...texts]}::text[]`;

/** What of `report` was given for a part alone. */
const isOfPart = (scope: ReadingScope, row: Row): Row[] =>
  scope.reports.map(({ modalities, bodyParts }) => {
    const limits = [
      ...(modalities.length > 0 ? [Prisma.sql`${row}.modalities && ${textsOf(modalities)}`] : []),
      ...(bodyParts.length > 0 ? [Prisma.sql`${row}.body_parts && ${textsOf(bodyParts)}`] : []),
    ];
    return Prisma.sql`(${Prisma.join(limits, " AND ")})`;
  });

/** Who may read it at all, of its custodian and as far as a relationship is needed. */
function ordinary(tx: Tx, scope: ReadingScope, row: Row): Row[] {
  const parts = [...isOfPart(scope, row), ...(scope.sent ? [isSent(tx, row)] : [])];
  if (parts.length === 0) return whole(tx, scope, row);
  const all = scope.onlyReports ? parts : [...parts, ...whole(tx, scope, row)];
  return [Prisma.sql`(${Prisma.join(all, " OR ")})`];
}

/** At most one condition. */
function whole(tx: Tx, scope: ReadingScope, row: Row): Row[] {
  if (!scope.custodian) return scope.onlyRelated ? [isRelated(tx, row)] : [];
  const isOwn = Prisma.sql`${row}.custodian = ${scope.custodian}`;
  return [scope.orRelated ? Prisma.sql`(${isOwn} OR ${isRelated(tx, row)})` : isOwn];
}

/** Of the patients with whom the person has a relationship in force: few. */
const relatedStudies = (tx: Tx) =>
  Prisma.sql`SELECT r.id FROM relationship l JOIN study r ON r.patient_id = l.patient_id WHERE ${isInForce(tx)} AND l.study_id IS NULL`;

/**
 * What all that `scopeConditions` lets through meets, said by trust and id alone: for a row that stands for a study, so that the studies of
 * other trusts aren't looked up for it. None where a scope may hold any trust's.
 */
export function trustConditions(
  tx: Tx,
  { custodian, orRelated, reports, sent }: ReadingScope,
  row: { custodian: Row; studyId: Row },
): Row[] {
  if (!custodian || reports.length > 0 || sent || tx.actor.kind === "system") return [];
  const isOwn = Prisma.sql`${row.custodian} = ${custodian}`;
  return [orRelated ? Prisma.sql`(${isOwn} OR ${row.studyId} IN (${relatedStudies(tx)}))` : isOwn];
}

/** What opens a row whole, its site included. */
function wholly(tx: Tx, scope: ReadingScope, row: Row): Row[] {
  const own = organisationOf(tx.actor) ?? "";
  return [
    Prisma.sql`NOT ${isMarked(row)}`,
    ...(scope.sensitiveOf ? [Prisma.sql`${row}.custodian = ${scope.sensitiveOf}`] : []),
    ...(scope.byRelationship ? [isRelated(tx, row, [...CARING, GLASS])] : []),
    ...isOfPart(scope, row).map((part) => Prisma.sql`(${row}.custodian = ${own} AND ${part})`),
  ];
}

const NOT_MASKABLE = SENSITIVITIES.filter((one) => one !== MASKING);

/** What opens it without its site: no other mark, and a right that doesn't come of the custodian's name. */
function withoutSite(tx: Tx, scope: ReadingScope, row: Row): Row[] {
  if (!scope.masks) return [];
  const isAnybody = !scope.custodian && !scope.onlyRelated && !scope.onlyReports;
  const anywhere = [
    ...(isAnybody ? [Prisma.sql`true`] : isOfPart(scope, row)),
    ...(scope.onlyRelated || scope.orRelated ? [isRelated(tx, row)] : []),
  ];
  if (anywhere.length === 0) return [];
  return [Prisma.sql`(NOT ${isMarked(row, NOT_MASKABLE)} AND (${Prisma.join(anywhere, " OR ")}))`];
}

/** Of a row that a scope allows: its site is masked. */
export const isMaskedRow = (tx: Tx, scope: ReadingScope, row: Row): Row =>
  scope.masks ? Prisma.sql`(NOT (${Prisma.join(wholly(tx, scope, row), " OR ")}))` : Prisma.sql`false`;

function exceptions(tx: Tx, scope: ReadingScope, row: Row): Row[] {
  const own = organisationOf(tx.actor) ?? "";
  const opens = [...wholly(tx, scope, row), ...withoutSite(tx, scope, row)];
  const remains = [
    Prisma.sql`${row}.custodian = ${own}`,
    Prisma.sql`NOT ${isObjectedTo(tx, row)}`,
    ...(scope.byRelationship ? [isRelated(tx, row, [GLASS])] : []),
  ];
  return [
    Prisma.sql`(${Prisma.join(opens, " OR ")})`,
    Prisma.sql`(${Prisma.join(remains, " OR ")})`,
    ...(tx.actor.kind === "person" ? [Prisma.sql`NOT ${isOwnRecord(tx, row)}`] : []),
  ];
}

/** A scope as conditions on a row of studies: it has `id`, `custodian`, `patient_id`, `modalities` and `body_parts`. */
export function scopeConditions(tx: Tx, scope: ReadingScope, row: Row, kind: Kind = "images"): Row[] {
  // Our own functions judge what is held; they show it to nobody.
  if (tx.actor.kind === "system") return [Prisma.sql`true`];
  return [isShared(tx, row, kind), ...ordinary(tx, scope, row), ...exceptions(tx, scope, row)];
}

/** Of what this actor can't open: that it is there may be said (architecture: hidden, withheld, open). */
export const sayable = (tx: Tx, row: Row): Row[] => [
  Prisma.sql`NOT ${isMarked(row, HIDDEN)}`,
  ...(tx.actor.kind === "person" ? [Prisma.sql`NOT ${isOwnRecord(tx, row)}`] : []),
];
