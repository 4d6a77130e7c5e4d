import { z } from "zod";
import { defineAction, mayFor, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayReadMarks } from "./mark.policy.ts";
import { isScreeningStudy } from "./marking-facts.ts";
import { freeStudy, noteReader, type Reader, readersOf } from "./reading-now.store.ts";

/**
 * Whether it is said who reads a study: of none that is read blind (clinical page §11), and of none whose site is withheld
 * from this actor, since a colleague's trust would tell it.
 */
async function isSaid(tx: Tx, facts: Study.StudyFacts): Promise<boolean> {
  return !(await isScreeningStudy(tx, facts)) && (await Study.siteMaskFor(tx, facts)) === undefined;
}

/**
 * An open viewer says every 20 seconds that its study is being read, and hears who else reads it; at last, that it was left.
 * Only who may report it counts as reading it: two reports of one study is what this prevents (H10).
 */
export const noteReading = defineAction({
  name: "annotation.note-reading",
  input: z.object({ studyId: z.uuid(), is: z.enum(["reading", "left"]) }),
  policy: mayReadMarks,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, { studyId, is }, facts): Promise<{ readers: Reader[] }> {
    const isOpen = is === "reading" && (await isSaid(tx, facts));
    if (!isOpen) {
      await freeStudy(tx, studyId);
      return { readers: [] };
    }
    if (tx.actor.kind === "person" && mayFor(tx.actor, "report", facts)) await noteReader(tx, facts.study);
    return { readers: (await readersOf(tx, [studyId])).get(studyId) ?? [] };
  },
  audit: { how: "none" },
});
