import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayOpenView } from "./mark.policy.ts";
import { findMark } from "./mark.store.ts";
import type { View } from "./mark.ts";
import { readingOf, recordsOfItsPatient } from "./marking-facts.ts";
import { reaches } from "./visible.ts";

const noSuchView = () =>
  new NotFound("VIEW_NOT_FOUND", "This link shows nothing any more. The study may have been corrected.");

/**
 * What a state link restores, for who may read its study now. Panes of other studies are opened by their own policy.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`, `VIEW_NOT_FOUND`
 */
export const openView = defineAction({
  name: "annotation.open-view",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid(), viewId: z.uuid() }),
  policy: mayOpenView,
  absent: Study.noSuchStudy,
  async load(tx, { studyId, viewId }) {
    const facts = await Study.studyFacts(tx, studyId);
    const found = await findMark(tx, viewId);
    const mark = found?.studyId === studyId && found.content.kind === "view" ? found : undefined;
    const isThere = mark !== undefined && mark.state === "published";
    const isShut = isThere && !reaches(tx.actor.id, mark, await readingOf(tx, facts));
    return { ...facts, mark: isThere ? mark : undefined, isShut };
  },
  async run(tx, _input, { mark, study }) {
    if (mark?.content.kind !== "view") throw noSuchView();
    // The study is another patient's since: a link into it stops.
    const theirs = await recordsOfItsPatient(tx, study, [mark.patientRecordId]);
    if (!theirs.has(mark.patientRecordId)) throw noSuchView();
    return {
      view: mark.content,
      madeAt: mark.madeAt,
      patientId: study.patientId,
      custodian: study.custodian,
    };
  },
  after: async (_ctx, { view, madeAt }): Promise<{ view: View; madeAt: string }> => ({
    view,
    madeAt: madeAt.toISOString(),
  }),
  audit: {
    how: "each",
    verb: "opened",
    subjects: ({ studyId, viewId }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { viewId },
    }),
  },
});
