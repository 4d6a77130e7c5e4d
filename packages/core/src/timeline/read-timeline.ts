import { z } from "zod";
import * as Access from "../access/index.ts";
import * as Audit from "../audit/index.ts";
import * as Ingest from "../ingest/index.ts";
import { defineAction, may, NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { maskedRows } from "./mask-rows.ts";
import { newsOf } from "./news.ts";
import { rowsOfPatient } from "./rows-of-patient.ts";
import { mayReadTimeline } from "./timeline.policy.ts";
import type { TimelineRow, Withheld } from "./timeline.ts";
import { findWithheld } from "./withheld.store.ts";

const NAME = "timeline.read";
/** A page that is loaded again within one sitting is the same look. */
const SITTING_MINUTES = 30;

async function withheldOf(tx: Tx, patientId: string): Promise<Withheld[]> {
  const scope = Access.readingScope(tx.actor);
  const restricted = scope ? await findWithheld(tx, scope, patientId) : [];
  const left = await Access.findLeftBehind(tx, organisationOf(tx.actor) ?? "", patientId);
  return [
    ...restricted
      .filter(({ custodian }) => !left.some((one) => one.custodian === custodian))
      .map((one) => ({ ...one, why: "restricted" as const })),
    ...left.map((one) => ({ ...one, why: "not-shared" as const })),
  ];
}

/** Where the person has the national S-flag, only who cares for them, or broke the glass, learns which trusts know them. */
function identitiesFor(tx: Tx, records: readonly Patient.RecordRow[], facts: Access.ReadingFacts) {
  const isCaring = Access.isCaring(facts);
  return records.map(({ identity, custodian }) =>
    isCaring
      ? identity
      : Patient.siteMasked(tx.actor, { identity, custodian, sensitivities: facts.sensitivities }),
  );
}

const custodianFor = (records: readonly Patient.RecordRow[], organisation: string | undefined) =>
  records.find(({ custodian }) => custodian === organisation)?.custodian ?? records[0]?.custodian ?? "";

/** What the reading policy must know of a patient as a whole. @throws {NotFound} `PATIENT_NOT_FOUND` */
export async function patientFacts(tx: Tx, patientId: string) {
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  const [first] = records;
  if (!first) throw new NotFound("PATIENT_NOT_FOUND", "There is no such patient.");
  const organisation = tx.actor.kind === "person" ? tx.actor.organisation : undefined;
  const held = { custodian: custodianFor(records, organisation), patientId, studyId: undefined };
  return { ...(await Access.readingFacts(tx, held)), records };
}

/** What waits in one's own trust's quarantine, for who decides about it. `undefined`: not for this person to know. */
async function quarantinedOf(tx: Tx, records: readonly Patient.RecordRow[]): Promise<number | undefined> {
  const own = organisationOf(tx.actor);
  if (!own || !may(tx.actor, "manage-archive")) return undefined;
  const numbers = records.filter(({ custodian }) => custodian === own).map(({ localNumber }) => localNumber);
  return Ingest.countWaitingOf(tx, own, numbers);
}

/** The patient's rows as this actor may have them: of who is masked for them without where they were made. */
async function rowsFor(tx: Tx, patientId: string, since: Date | undefined, facts: Access.ReadingFacts) {
  const whole = await rowsOfPatient(tx, patientId, since);
  if (!Access.isSiteMasked(tx.actor, { ...facts, agreement: "in-force", isObjectedTo: false })) return whole;
  return maskedRows(tx, whole, await rowsOfPatient(tx, patientId, since, Access.maskedScope(tx.actor)));
}

/** Of what is masked nothing is said: when it changed would tell who changed it. */
async function withNews(tx: Tx, rows: readonly TimelineRow[]) {
  const news = await newsOf(
    tx,
    rows.filter(({ isMasked }) => !isMasked).map(({ studyId }) => studyId),
  );
  // What was opened since is no longer new, wherever it was opened from.
  return rows.map((row) => ({
    ...row,
    isNew: row.isNew && !news.has(row.studyId),
    news: news.get(row.studyId) ?? [],
  }));
}

/**
 * All that the region holds on a patient and that this actor may see, newest first: studies with their reports, what is
 * expected, what waits in quarantine and what is withheld. Every page ends with the same sentence about what may be
 * withheld, so an absence betrays nothing.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 * @throws {AccessDenied} `no-relationship`: state why, then ask again
 */
export const read = defineAction({
  name: NAME,
  input: z.object({ patientId: z.uuid() }),
  policy: mayReadTimeline,
  isPlannedOnce: () => true,
  load: (tx, { patientId }) => patientFacts(tx, patientId),
  async run(tx, { patientId }, facts) {
    const before = new Date(tx.now.getTime() - SITTING_MINUTES * 60_000);
    const since = await Audit.findOwnLastLook(tx, { action: NAME, patientId, before });
    const found = await rowsFor(tx, patientId, since, facts);
    const rows = await withNews(tx, found.rows);
    // Of who is masked, not even that something is withheld where.
    const isMasked = facts.sensitivities.includes("s-flag") || Patient.isHidden(facts.sensitivities);
    const withheld = isMasked && !Access.isCaring(facts) ? [] : await withheldOf(tx, patientId);
    return {
      patientId,
      records: identitiesFor(tx, facts.records, facts),
      ...found,
      rows,
      withheld,
      quarantined: await quarantinedOf(tx, facts.records),
      /** A sensitive person's images are not shown at a glance. */
      isSensitive: facts.sensitivities.length > 0,
    };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({
      patientId,
      detail: { rows: done?.rows.length ?? 0, expected: done?.expected.length ?? 0 },
    }),
  },
});
