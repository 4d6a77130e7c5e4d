import { z } from "zod";
import { Conflict, defineAction, type Tx } from "../kernel/index.ts";
import { addRequirement, changeRequirement, type RequirementChange } from "./case-parts.store.ts";
import { mayListFor } from "./mdt.policy.ts";
import { Day, TemplateLine } from "./meeting.ts";
import { caseFacts } from "./meeting-facts.ts";

const words = (longest: number) => z.string().trim().min(3).max(longest);

const Said = z.discriminatedUnion("what", [
  z.object({ what: z.literal("met-by-study"), studyId: z.uuid() }),
  z.object({ what: z.literal("met-elsewhere"), words: words(200), trust: words(120), on: Day }),
  z.object({ what: z.literal("waived"), reason: words(400) }),
  z.object({ what: z.literal("open") }),
  z.object({ what: z.literal("removed") }),
]);

const CLEAR = {
  metByStudyId: null,
  metByWords: null,
  metOn: null,
  metAt: null,
  waivedReason: null,
  waivedBy: null,
  waivedAt: null,
} satisfies RequirementChange;

function changeFor(tx: Tx, said: z.output<typeof Said>): RequirementChange {
  const decided = { decidedBy: tx.actor.id, decidedAt: tx.now };
  if (said.what === "met-by-study") return { ...CLEAR, ...decided, metByStudyId: said.studyId };
  if (said.what === "met-elsewhere")
    return { ...CLEAR, ...decided, metByWords: said.words, metAt: said.trust, metOn: new Date(said.on) };
  if (said.what === "waived")
    return { ...CLEAR, waivedReason: said.reason, waivedBy: tx.actor.id, waivedAt: tx.now };
  return said.what === "removed" ? { removedAt: tx.now } : { ...CLEAR, ...decided };
}

/** One more thing that this case needs. */
export const addLine = defineAction({
  name: "mdt.add-line",
  input: z.object({ caseId: z.uuid(), line: TemplateLine }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  run: async (tx, { line }, { found }) => ({
    requirementId: await addRequirement(tx, found, line),
    patientId: found.patientId,
  }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, requirementId: done?.requirementId ?? null },
    }),
  },
});

/**
 * What a line of a case comes to: a study named for it, met outside Weald with trust and date, waived with a reason, or open again.
 *
 * @throws {NotFound} `CASE_NOT_FOUND` @throws {Conflict} `LINE_CHANGED`
 */
export const settleLine = defineAction({
  name: "mdt.settle-line",
  input: z.object({ caseId: z.uuid(), requirementId: z.uuid(), version: z.number().int(), said: Said }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, requirementId, version, said }, { found }) {
    const where = { id: requirementId, caseId, version };
    if (!(await changeRequirement(tx, where, changeFor(tx, said))))
      throw new Conflict("LINE_CHANGED", "Somebody else changed this line meanwhile. Look again.");
    return { patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, requirementId, said }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, requirementId, what: said.what },
    }),
  },
});
