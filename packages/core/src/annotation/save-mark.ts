import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Conflict, defineAction, Invalid, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayChangeMarks } from "./mark.policy.ts";
import { countOwnMarks, insertMark, lockMarks, publishMarks, rewriteMark } from "./mark.store.ts";
import { type Mark, MarkContent, MarkedFrame } from "./mark.ts";
import { authorOf, noSuchMark } from "./marking-facts.ts";

/** Of one reader on one study. */
const MOST_MARKS = 500;

const Input = z.object({
  studyId: z.uuid(),
  /** Made by the author's window: sent twice, it is made once. */
  markId: z.uuid(),
  /** The version that the author's window last saw; 0 of what is new. */
  version: z.number().int().min(0),
  frame: MarkedFrame.nullish(),
  content: MarkContent,
});
type Input = z.output<typeof Input>;

const changedElsewhere = () =>
  new Conflict("MARK_CHANGED", "This mark was changed in another window. Both are kept: yours as a new one.");

function checkPlace({ content, frame }: Input): void {
  if ((content.kind === "view") === Boolean(frame))
    throw new Invalid("MARK_WITHOUT_IMAGE", "A mark is of one image, and a view is of none.");
}

async function make(tx: Tx, input: Input, { study }: Study.StudyFacts): Promise<number> {
  checkPlace(input);
  if (
    input.frame &&
    !(await Study.findPlaces(tx, study.id, [input.frame.instanceId])).has(input.frame.instanceId)
  )
    throw new Conflict("IMAGE_NOT_SERVED", "That image is no longer part of this study. Open it again.");
  if ((await countOwnMarks(tx, study.id)) >= MOST_MARKS)
    throw new Conflict("TOO_MANY_MARKS", `One reader can have ${MOST_MARKS} marks on a study.`);
  const isMade = await insertMark(tx, {
    id: input.markId,
    studyId: study.id,
    custodian: study.custodian,
    patientRecordId: study.patientRecordId,
    frame: input.frame ?? undefined,
    content: input.content,
    ...authorOf(tx),
  });
  if (isMade) return 1;
  // The same was being made at this moment, by this window's other try or by another window.
  const [mark] = await lockMarks(tx, study.id, [input.markId]);
  if (mark?.authorId !== tx.actor.id) throw changedElsewhere();
  return rewrite(tx, input, mark);
}

/** The next version of what stands, if nobody was faster. Sent again it changes nothing. */
async function rewrite(tx: Tx, { markId, version, content }: Input, mark: Mark): Promise<number> {
  if (isDeepStrictEqual(mark.content, content)) return mark.version;
  if (mark.version !== version) throw changedElsewhere();
  if (mark.state !== "draft")
    throw new Conflict(
      "MARK_IS_FIXED",
      "What is published or withdrawn is fixed. Withdraw it and draw another.",
    );
  await rewriteMark(tx, markId, content);
  return version + 1;
}

/**
 * Keeps a mark as a draft, which is its author's alone. Two windows at once lose nothing: the slower one is told.
 *
 * @throws {Conflict} `MARK_CHANGED`, `MARK_IS_FIXED`, `IMAGE_NOT_SERVED`, `TOO_MANY_MARKS`
 * @throws {Invalid} `MARK_WITHOUT_IMAGE`
 */
export const saveMark = defineAction({
  name: "annotation.save-mark",
  input: Input,
  policy: mayChangeMarks,
  absent: noSuchMark,
  async load(tx, { studyId, markId }) {
    return { ...(await Study.studyFacts(tx, studyId)), marks: await lockMarks(tx, studyId, [markId]) };
  },
  async run(tx, input, { marks: [mark], ...facts }) {
    const version = mark === undefined ? await make(tx, input, facts) : await rewrite(tx, input, mark);
    // A link is made to be given away: it is published as it is made.
    if (input.content.kind === "view") await publishMarks(tx, [input.markId]);
    const { patientId, custodian } = facts.study;
    return { markId: input.markId, version, patientId, custodian };
  },
  after: async (_ctx, { markId, version }) => ({ markId, version }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId, markId, content }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { markId, kind: content.kind },
    }),
  },
});
