import { performance } from "node:perf_hooks";
import type { Ctx } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import type { Region } from "@weald/dev-env/region";
import { growing, medianMs } from "./growing-region.ts";

const CASES = 60;
const STUDIES_EACH = 10;

const sql = (region: Region, text: string, ...values: unknown[]) =>
  region.service.db.transaction({ organisation: null, patients: [], now: new Date() }, (tx) =>
    tx.$executeRawUnsafe(text, ...values),
  );

/** A coordinator of a trust of the region, with a weekly series of their own. */
async function aMeeting(region: Region): Promise<{ ctx: Ctx; meetingId: string }> {
  const ctx = region.as("beth.calloway");
  const { seriesId } = await Mdt.beginSeries(ctx, {
    ...{ name: "Bench MDT", specialty: "Lung", weekday: 4, localTime: "13:30", durationMinutes: 90 },
    ...{ firstOn: new Date().toISOString().slice(0, 10), cutOffHours: 48, visibleHours: 24 },
    template: [{ kind: "imaging", label: "CT chest", modalities: ["CT"], regions: [], maxAgeDays: 28 }],
  });
  const { meetings } = await Mdt.listMeetings(ctx, {});
  const found = meetings.find((one) => one.seriesId === seriesId && Date.parse(one.cutOffAt) > Date.now());
  if (!found) throw new Error("the series has a meeting ahead");
  return { ctx, meetingId: found.id };
}

/** Sixty patients with ten studies each, on one list; the ten are copied from what the region holds of others. */
async function fill(region: Region, { ctx, meetingId }: { ctx: Ctx; meetingId: string }): Promise<void> {
  const { actor } = ctx;
  await sql(
    region,
    `INSERT INTO meeting_case (id, meeting_id, organisation, patient_record_id, patient_id, matched_how, source, basis, basis_words, question, position, added_by, added_at, changed_by)
     SELECT uuidv7(), $1::uuid, 'RA2', r.id, r.patient_id, 'confirmed', 'paste', 'request', 'bench', 'Why?', row_number() OVER (), $2, now(), $2
     FROM (SELECT DISTINCT ON (patient_id) id, patient_id FROM patient_record WHERE sensitivities = '{}' ORDER BY patient_id LIMIT ${CASES}) r`,
    meetingId,
    actor.id,
  );
  await sql(
    region,
    `WITH c AS (SELECT patient_id, patient_record_id, position - 1 AS nth FROM meeting_case WHERE meeting_id = $1::uuid),
     s AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM study LIMIT ${CASES * STUDIES_EACH})
     UPDATE study t SET patient_id = c.patient_id, patient_record_id = c.patient_record_id FROM s JOIN c ON c.nth = s.nth / ${STUDIES_EACH} WHERE t.id = s.id`,
    meetingId,
  );
  await sql(
    region,
    `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
     SELECT uuidv7(), patient_id, $2, 'RA2', 'mdt', 'mdt:' || id, now() - interval '1 minute', now() + interval '1 day' FROM meeting_case WHERE meeting_id = $1::uuid`,
    meetingId,
    actor.id,
  );
}

/** A meeting's page of sixty cases with ten studies each, and publishing it to its members, as the runtime role. */
export const mdt = () =>
  growing(async (region, size) => {
    const meeting = await aMeeting(region);
    await fill(region, meeting);
    const { ctx, meetingId } = meeting;
    const read = await Mdt.readMeeting(ctx, { meetingId });
    const ms = await medianMs(() => Mdt.readMeeting(ctx, { meetingId }));
    const began = performance.now();
    await Mdt.publishList(ctx, { meetingId, version: read.meeting.version, state: "published" });
    return {
      studies: size,
      cases: read.cases.length,
      "studies on the page": read.cases.reduce((sum, one) => sum + one.studies.length, 0),
      "a meeting's page, ms": ms,
      "publishing it, ms": Math.round(performance.now() - began),
    };
  });
