import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { findRecordsByNhsNumbers, nhsNumberOf } from "../patient/index.ts";
import { findCases, findCasesOfPatients } from "./case.store.ts";
import { type LineMatch, matchLine } from "./match-line.ts";
import { mayListFor } from "./mdt.policy.ts";
import type { Meeting } from "./meeting.ts";
import { meetingFacts } from "./meeting-facts.ts";
import { parseLines, type StatedLine } from "./parse-lines.ts";
import { findStanding } from "./standing.store.ts";

export type Asked = { stated: StatedLine; confirmedPatientId: string | undefined };
export type Matched = { stated: StatedLine; match: LineMatch };

const MOST_RECORDS = 2000;

/** Who each line means, against what is listed already and the lines before it: five statements, however many lines. */
export async function matchLines(tx: Tx, meeting: Meeting, asked: readonly Asked[]): Promise<Matched[]> {
  const numbers = [...new Set(asked.flatMap(({ stated }) => nhsNumberOf(stated.nhsNumber) ?? []))];
  const records = await findRecordsByNhsNumbers(tx, numbers, MOST_RECORDS);
  const standing = await findStanding(tx, [...new Set(records.map(({ patientId }) => patientId))]);
  const classes = new Map(standing.map((one) => [one.patientId, one.classes]));
  const listed = new Set((await findCases(tx, [meeting.id])).map(({ patientId }) => patientId));
  const before = new Set<string>();
  return asked.map(({ stated, confirmedPatientId }) => {
    const around = { records, listed, organisation: meeting.organisation, classes, confirmedPatientId };
    const match = matchLine(stated, around);
    if (match.outcome !== "matched") return { stated, match };
    if (before.has(match.record.patientId))
      return {
        stated,
        match: { outcome: "wrong", code: "TWICE", says: "This patient stands in a line above already." },
      };
    before.add(match.record.patientId);
    return { stated, match };
  });
}

/**
 * Reads what was pasted or imported, and says of each line who it means or what is wrong with it. Changes nothing.
 *
 * @throws {NotFound} `MEETING_NOT_FOUND`
 */
export const checkLines = defineAction({
  name: "mdt.check-lines",
  input: z.object({ meetingId: z.uuid(), text: z.string().max(400_000) }),
  policy: mayListFor,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  async run(tx, { text }, { meeting }) {
    const { lines, isCut } = parseLines(text, meeting.kind);
    const matched = await matchLines(
      tx,
      meeting,
      lines.map((stated) => ({ stated, confirmedPatientId: undefined })),
    );
    const found = matched.flatMap(({ match }) => (match.outcome === "matched" ? match.record.patientId : []));
    const elsewhere = await findCasesOfPatients(tx, found, tx.now);
    return {
      isCut,
      lines: matched.map(({ stated, match }) => ({
        stated,
        ...(match.outcome === "matched"
          ? {
              outcome: match.outcome,
              patient: match.record.identity,
              /** Lists to come that this patient is on. */
              elsewhere: elsewhere
                .filter(({ patientId }) => patientId === match.record.patientId)
                .map(({ name, startsAt }) => ({ name, startsAt: startsAt.toISOString() })),
            }
          : match),
      })),
    };
  },
  audit: {
    how: "each",
    verb: "looked-up",
    subjects: ({ meetingId }, done) => ({
      detail: {
        meetingId,
        lines: done?.lines.length ?? 0,
        found: done?.lines.filter(({ outcome }) => outcome === "matched").length ?? 0,
      },
    }),
  },
});
