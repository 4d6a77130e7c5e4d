import { z } from "zod";
import { type AuditSubject, defineAction, organisationOf } from "../kernel/index.ts";
import { custodiansOf, takeLooks } from "./edge-look.store.ts";
import { mayTellLooks } from "./study.policy.ts";

const Title = z.string().regex(/^[\x20-\x5b\x5d-\x7e]{1,16}$/);

/** One answer that a gateway gave from what it keeps, while the region was away. */
const EdgeLook = z.object({
  lookId: z.uuid(),
  verb: z.enum(["listed", "taken-out"]),
  lookedAt: z.iso.datetime(),
  /** How old what was shown was. */
  asOf: z.iso.datetime(),
  /** AE titles: who asked, and where objects went. */
  by: Title,
  to: Title.optional(),
  count: z.number().int().min(0),
  /** As they were shown: a study may have been moved to another patient since. */
  studies: z.array(z.object({ studyId: z.uuid(), patientId: z.uuid() })).max(200),
});
type EdgeLook = z.output<typeof EdgeLook>;

function subjectsOf(look: EdgeLook, custodians: ReadonlyMap<string, string>): AuditSubject[] {
  const { lookId, lookedAt, asOf, by, to, count, verb } = look;
  const detail = { look: lookId, lookedAt, asOf, by, count, ...(to ? { to } : {}) };
  if (look.studies.length === 0) return [{ verb, detail }];
  return look.studies.map(({ studyId, patientId }) => {
    const custodian = custodians.get(studyId);
    return { verb, studyId, patientId, detail, ...(custodian ? { custodian } : {}) };
  });
}

/**
 * Looks at a gateway's cache, told once the region is back: each becomes what it would have been online, with the time at
 * which it was looked. Told twice, a look is on the record once.
 */
export const recordEdgeLooks = defineAction({
  name: "study.record-edge-looks",
  input: z.object({ looks: z.array(EdgeLook).min(1).max(50) }),
  policy: mayTellLooks,
  load: async () => null,
  async run(tx, { looks }) {
    const organisation = organisationOf(tx.actor) ?? "";
    const named = looks.map(({ lookId, lookedAt }) => ({ lookId, organisation, at: new Date(lookedAt) }));
    const taken = await takeLooks(tx, named);
    const studyIds = looks.flatMap(({ studies }) => studies.map(({ studyId }) => studyId));
    const custodians = await custodiansOf(tx, studyIds);
    const told = looks.filter(({ lookId }) => taken.delete(lookId));
    return { subjects: told.flatMap((look) => subjectsOf(look, custodians)) };
  },
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: (_input, done) => done?.subjects ?? {},
  },
});
