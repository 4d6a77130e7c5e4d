import { z } from "zod";
import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import type { GatheredCase } from "./gather.ts";
import { findMeetingsByIds } from "./meeting.store.ts";
import type { Meeting } from "./meeting.ts";
import { REDS_AT } from "./occurrences.ts";

export const MOMENTS = ["cut-off", "start", "day-before"] as const;
export type Moment = (typeof MOMENTS)[number];

/** What the clock passed so long ago unseen is not written afterwards: it would tell of another moment. */
const LATE_MINUTES = 60;

/** Meetings whose list has closed, that have begun, or whose reds are told (of theatre and clinic, on the day before), within the hour, with a case of which that isn't kept. */
export async function findUnrecorded(tx: Tx, limit: number): Promise<{ meeting: Meeting; moment: Moment }[]> {
  const since = new Date(tx.now.getTime() - LATE_MINUTES * 60_000);
  const rows = await databaseOf(tx).$queryRaw<{ id: string; moment: Moment }[]>`
    SELECT m.id::text, t.moment FROM meeting m JOIN meeting_series s ON s.id = m.series_id
    CROSS JOIN LATERAL (VALUES ('cut-off', m.cut_off_at), ('start', m.starts_at),
      ('day-before', CASE WHEN s.kind <> 'meeting' THEN (m.held_on - 1 + ${REDS_AT}::time) AT TIME ZONE s.zone END)) AS t(moment, at)
    WHERE t.at <= ${tx.now}::timestamptz AND t.at > ${since}::timestamptz AND m.state <> 'cancelled'
      AND m.starts_at > ${since}::timestamptz
      AND EXISTS (SELECT 1 FROM meeting_case c WHERE c.meeting_id = m.id AND c.state <> 'removed')
      AND NOT EXISTS (SELECT 1 FROM meeting_case c JOIN case_readiness r ON r.case_id = c.id AND r.moment = t.moment WHERE c.meeting_id = m.id)
    ORDER BY t.at, m.id LIMIT ${limit}`;
  const meetings = await findMeetingsByIds(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id, moment }) => {
    const meeting = meetings.find((one) => one.id === id);
    return meeting ? [{ meeting, moment }] : [];
  });
}

export async function insertReadiness(
  tx: Tx,
  { meeting, moment, cases }: { meeting: Meeting; moment: Moment; cases: readonly GatheredCase[] },
): Promise<void> {
  await databaseOf(tx).caseReadiness.createMany({
    data: cases.map(({ found, readiness }) => ({
      caseId: found.id,
      moment,
      organisation: meeting.organisation,
      at: tx.now,
      state: readiness.colour,
      aspects: readiness.aspects.map(({ about, colour }) => ({ about, colour })),
    })),
    skipDuplicates: true,
  });
}

const Aspects = z.array(z.object({ about: z.string(), colour: z.string() }));

export type KeptReadiness = {
  caseId: string;
  meetingId: string;
  seriesId: string;
  moment: Moment;
  colour: string;
  aspects: { about: string; colour: string }[];
};

/** What was kept of the meetings of these series in a span. */
export async function findKept(
  tx: Tx,
  { seriesIds, from, to }: { seriesIds: readonly string[]; from: Date; to: Date },
): Promise<KeptReadiness[]> {
  const rows = await databaseOf(tx).caseReadiness.findMany({
    where: {
      case: {
        state: { not: "removed" },
        meeting: { seriesId: { in: [...seriesIds] }, startsAt: { gte: from, lt: to } },
      },
    },
    select: {
      caseId: true,
      moment: true,
      state: true,
      aspects: true,
      case: { select: { meetingId: true, meeting: { select: { seriesId: true } } } },
    },
    take: 50_000,
  });
  return rows.map(({ state, aspects, moment, case: of, caseId }) => ({
    caseId,
    meetingId: of.meetingId,
    seriesId: of.meeting.seriesId,
    moment: MOMENTS.find((one) => one === moment) ?? "start",
    colour: state,
    aspects: Aspects.parse(aspects),
  }));
}
