import { z } from "zod";
import { defineAction, Invalid, type Tx } from "../kernel/index.ts";
import { findCases, insertCases, type NewCase } from "./case.store.ts";
import { BASES } from "./case.ts";
import { type Matched, matchLines } from "./check-lines.ts";
import { mayListFor } from "./mdt.policy.ts";
import { findSeries, lockMeeting } from "./meeting.store.ts";
import type { Meeting } from "./meeting.ts";
import { type KnownMeeting, meetingFacts } from "./meeting-facts.ts";
import { MOST_LINES } from "./parse-lines.ts";
import { relateCases } from "./relate-cases.ts";

const text = (longest: number) => z.string().trim().max(longest).default("");

const Line = z.object({
  line: z.number().int().min(0).max(100_000),
  nhsNumber: text(40),
  birthDate: text(40),
  surname: text(120),
  question: text(2000),
  referrer: text(200),
  targetDate: text(40),
  pathway: text(80),
  procedure: text(200),
  side: text(40),
  /** Somebody looked, and says that it is this one. */
  confirmedPatientId: z.uuid().nullish(),
});

const WITHOUT_BASIS = {
  outcome: "wrong",
  code: "BASIS_MISSING",
  says: "Say who asked for this patient to be listed.",
} as const;
type Left = { line: number } & (Exclude<Matched["match"], { outcome: "matched" }> | typeof WITHOUT_BASIS);

type Basis = { source: "paste" | "import" | "by-hand"; basis: NewCase["basis"]; basisWords: string };

const newCase = (
  { stated, match }: Matched,
  { meeting, position, source, basis, basisWords }: Basis & { meeting: Meeting; position: number },
): NewCase[] =>
  match.outcome === "matched"
    ? [
        {
          meetingId: meeting.id,
          organisation: meeting.organisation,
          patientRecordId: match.record.id,
          patientId: match.record.patientId,
          matchedHow: match.how,
          source,
          basis,
          basisWords: basisWords || stated.referrer,
          question: stated.question,
          referrer: stated.referrer,
          pathway: stated.pathway,
          procedure: stated.procedure,
          side: match.side,
          targetDate: match.targetDate,
          position,
        },
      ]
    : [];

/** Past the end of what is there, so that nothing that stands moves. */
export async function nextPosition(tx: Tx, meetingId: string): Promise<number> {
  const cases = await findCases(tx, [meetingId]);
  return Math.max(0, ...cases.map(({ position }) => position)) + 1;
}

export const requireAhead = (tx: Tx, { endsAt, state }: Meeting): void => {
  if (state === "cancelled") throw new Invalid("MEETING_CANCELLED", "This meeting is cancelled.");
  if (endsAt <= tx.now) throw new Invalid("MEETING_OVER", "This meeting is over. Take the next one.");
};

/** Writes cases onto a list, with its template's lines, and who may see them. */
export async function putOnList(tx: Tx, { meeting, members }: KnownMeeting, cases: readonly NewCase[]) {
  const series = await findSeries(tx, meeting.seriesId);
  const added = await insertCases(tx, cases, series?.template ?? []);
  if (added.length > 0) await relateCases(tx, { meeting, members }, added);
  return added;
}

/**
 * Lists who the lines mean. Each is matched again as of now: what can't be listed comes back with why, and the others are listed.
 *
 * @throws {NotFound} `MEETING_NOT_FOUND` @throws {Invalid} `MEETING_OVER`, `MEETING_CANCELLED`, `BASIS_MISSING`
 */
export const addCases = defineAction({
  name: "mdt.add-cases",
  input: z.object({
    meetingId: z.uuid(),
    source: z.enum(["paste", "import", "by-hand"]),
    basis: z.enum(BASES),
    /** Who asked; without it each line's referrer. */
    basisWords: text(200),
    lines: z.array(Line).min(1).max(MOST_LINES),
  }),
  policy: mayListFor,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  async run(tx, { lines, ...said }, facts) {
    const { meeting } = facts;
    requireAhead(tx, meeting);
    await lockMeeting(tx, meeting.id);
    const asked = lines.map(({ confirmedPatientId, ...stated }) => ({
      stated,
      confirmedPatientId: confirmedPatientId ?? undefined,
    }));
    const all = await matchLines(tx, meeting, asked);
    const hasBasis = ({ stated }: Matched) => said.basisWords !== "" || stated.referrer !== "";
    const first = await nextPosition(tx, meeting.id);
    const fit = all.filter((one) => one.match.outcome === "matched" && hasBasis(one));
    const added = await putOnList(
      tx,
      facts,
      fit.flatMap((one, at) => newCase(one, { ...said, meeting, position: first + at })),
    );
    const left = all.flatMap((one): Left[] => {
      const { match, stated } = one;
      if (match.outcome !== "matched") return [{ line: stated.line, ...match }];
      return hasBasis(one) ? [] : [{ line: stated.line, ...WITHOUT_BASIS }];
    });
    return {
      meetingId: meeting.id,
      added: added.map(({ id, patientId }) => ({ caseId: id, patientId })),
      left,
    };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, basis, source }, done) => [
      { detail: { meetingId, basis, source, left: done?.left.length ?? 0 } },
      ...(done?.added ?? []).map(({ caseId, patientId }) => ({
        patientId,
        detail: { meetingId, caseId, basis },
      })),
    ],
  },
});
