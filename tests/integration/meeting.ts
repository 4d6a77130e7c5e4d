import { randomUUID } from "node:crypto";
import type { Region } from "@weald/dev-env/region";
import { rows } from "./sent.ts";

type Patient = { patientId: string; recordId: string };
export type Held = { meetingId: string; seriesId: string; caseId: string; caseIds: string[] };
type Rest = {
  state?: string;
  chairId?: string;
  members?: readonly { personId: string; worksFor: string; part: string }[];
  quorum?: readonly { part: string; atLeast: number }[];
  /** Who prepares its cases. */
  radiologistId?: string;
  /** Hours from now at which it begins, and until which members see its cases. */
  startsIn?: number;
  visibleFor?: number;
};

/** A meeting of a trust with a published list, below the actions: the room doesn't care how a list was built. */
export async function held(
  region: Region,
  organisation: string,
  patients: readonly Patient[],
  rest: Rest = {},
): Promise<Held> {
  const { state = "published", chairId, members = [], quorum = [], startsIn = 1, visibleFor = 48 } = rest;
  const [meetingId, seriesId] = [randomUUID(), randomUUID()];
  await rows(
    region,
    `INSERT INTO meeting_series (id, organisation, kind, name, specialty, weekday, local_time, duration_minutes, first_on, rooms, sites, chair_id,
       cut_off_hours, visible_hours, quorum, made_by, made_at, changed_by, changed_at)
     VALUES ($1::uuid, $2, 'meeting', 'Lung MDT', 'Lung cancer', 4, '13:30', 90, '2026-01-01', '{}', '{}', $3, 48, 24, $4::jsonb, 'x', now(), 'x', now())`,
    ...[seriesId, organisation, chairId ?? null, JSON.stringify(quorum)],
  );
  for (const { personId, worksFor, part } of members)
    await rows(
      region,
      `INSERT INTO meeting_member (id, series_id, organisation, person_id, works_for, part, added_by, added_at)
       VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, 'x', now())`,
      ...[randomUUID(), seriesId, organisation, personId, worksFor, part],
    );
  await rows(
    region,
    `INSERT INTO meeting (id, series_id, organisation, held_on, starts_at, ends_at, cut_off_at, rooms, state, published_at, visible_until, changed_by)
     VALUES ($1::uuid, $2::uuid, $3, current_date, now() + make_interval(hours => $4::int), now() + make_interval(hours => $4::int + 2), now(), '{}', $5, now(),
       now() + make_interval(hours => $6::int), 'x')`,
    ...[meetingId, seriesId, organisation, startsIn, state, visibleFor],
  );
  const caseIds: string[] = [];
  for (const [at, { patientId, recordId }] of patients.entries()) {
    const caseId = randomUUID();
    caseIds.push(caseId);
    await rows(
      region,
      `INSERT INTO meeting_case (id, meeting_id, organisation, patient_record_id, patient_id, matched_how, source, basis, basis_words, question, position,
         radiologist_id, added_by, added_at, changed_by)
       VALUES ($1::uuid, $2::uuid, $3, $4::uuid, $5::uuid, 'study', 'study', 'member', 'asked', 'Is it resectable?', $6, $7, 'x', now(), 'x')`,
      ...[caseId, meetingId, organisation, recordId, patientId, at + 1, rest.radiologistId ?? null],
    );
    for (const { personId } of members)
      await rows(
        region,
        `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at, is_provisional, patient_record_id)
         VALUES ($1::uuid, $2::uuid, $3, $4, 'mdt', $5, now() - interval '1 minute', now() + make_interval(hours => $6::int), false, $7::uuid)`,
        ...[randomUUID(), patientId, personId, organisation, `mdt:${caseId}`, visibleFor, recordId],
      );
  }
  return { meetingId, seriesId, caseId: caseIds[0] ?? "", caseIds };
}

export async function patientOf(region: Region, studyId: string): Promise<Patient> {
  const [found] = await rows<Patient>(
    region,
    `SELECT patient_id::text AS "patientId", patient_record_id::text AS "recordId" FROM study WHERE id = $1::uuid`,
    studyId,
  );
  if (!found) throw new Error("no such study");
  return found;
}
