import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayReadMarks } from "./mark.policy.ts";
import { findMarksOfStudy } from "./mark.store.ts";
import type { Mark, MarkContent, MarkedFrame, MarkState } from "./mark.ts";
import { readingOf, recordsOfItsPatient } from "./marking-facts.ts";
import { isStopped, type Reading, reaches, type Standing, standingOf } from "./visible.ts";

const MOST = 2000;

export type ListedMark = {
  markId: string;
  kind: MarkContent["kind"];
  state: MarkState;
  standing: Standing;
  version: number;
  author: { name?: string | undefined; role: string; organisation: string; isMe: boolean };
  madeAt: string;
  changedAt: string;
  /** None of what stopped: what it said was of what is no longer served here. */
  said?: { content: MarkContent; frame?: MarkedFrame | undefined; seriesId?: string | undefined } | undefined;
};

async function listedMarks(
  tx: Tx,
  { study }: Study.StudyFacts,
  marks: readonly Mark[],
): Promise<ListedMark[]> {
  const ids = marks.flatMap(({ frame }) => (frame ? [frame.instanceId] : []));
  const places = await Study.findPlaces(tx, study.id, ids);
  const theirs = await recordsOfItsPatient(
    tx,
    study,
    marks.map((mark) => mark.patientRecordId),
  );
  const names = await namesOf(
    tx,
    marks.map(({ authorId }) => authorId),
  );
  return marks.map((mark) => {
    const place = mark.frame && places.get(mark.frame.instanceId);
    const standing = standingOf(mark, { isSamePatient: theirs.has(mark.patientRecordId), place });
    return {
      markId: mark.id,
      kind: mark.content.kind,
      state: mark.state,
      standing,
      version: mark.version,
      author: {
        name: names.get(mark.authorId),
        role: mark.authorRole,
        organisation: mark.authorOrganisation,
        isMe: mark.authorId === tx.actor.id,
      },
      madeAt: mark.madeAt.toISOString(),
      changedAt: mark.changedAt.toISOString(),
      said: isStopped(standing)
        ? undefined
        : { content: mark.content, frame: mark.frame, seriesId: place?.seriesId },
    };
  });
}

/** A study's marks as they reach this reader, the newest first, and how the study is read. */
export const listMarks = defineAction({
  name: "annotation.list-marks",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadMarks,
  absent: Study.noSuchStudy,
  async load(tx, { studyId }) {
    const facts = await Study.studyFacts(tx, studyId);
    return { ...facts, reading: await readingOf(tx, facts) };
  },
  async run(tx, { studyId }, { reading, ...facts }) {
    const found = await findMarksOfStudy(tx, studyId, MOST);
    const marks = await listedMarks(
      tx,
      facts,
      found.filter((mark) => reaches(tx.actor.id, mark, reading)),
    );
    return { marks, reading, patientId: facts.study.patientId, custodian: facts.study.custodian };
  },
  after: async (_ctx, { marks, reading }): Promise<{ marks: ListedMark[]; reading: Reading }> => ({
    marks,
    reading,
  }),
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done
        ? { patientId: done.patientId, custodian: done.custodian, detail: { marks: done.marks.length } }
        : {}),
    }),
  },
});
