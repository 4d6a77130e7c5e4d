import { z } from "zod";
import { defineAction, NotFound, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { isToTake } from "./read-record.ts";
import { mayTakeOut } from "./takeout.policy.ts";
import { Whose } from "./takeout.ts";
import { recordFacts, type Taking } from "./taking-facts.ts";

const PAGE = 50;

async function studyOf(tx: Tx, { custodian, of }: Taking, recordId: string, studyId: string) {
  const studies = await Study.findStudiesToTake(tx, custodian, recordId);
  const study = studies.find(({ id }) => id === studyId);
  if (!study || !isToTake(study, of))
    throw new NotFound("STUDY_NOT_FOUND", "There is no such study in what is taken out.");
  return study;
}

/**
 * A page of a study's objects, each with a URL of its stored bytes and their SHA-256.
 *
 * @throws {NotFound} `RECORD_NOT_FOUND`, `STUDY_NOT_FOUND`
 */
export const signStudy = defineAction({
  name: "takeout.sign-study",
  purpose: "operations",
  input: z.object({ whose: Whose, recordId: z.uuid(), studyId: z.uuid(), after: z.uuid().optional() }),
  policy: mayTakeOut,
  async load(tx, { studyId, ...asked }) {
    const facts = await recordFacts(tx, asked);
    return { ...facts, study: await studyOf(tx, facts, asked.recordId, studyId) };
  },
  async run(tx, { studyId, after }, { custodian, of, study }) {
    const page = await Study.findInstancesToTake(tx, studyId, { after, limit: PAGE });
    return {
      custodian,
      patientId: study.patientId,
      objects: page.filter(({ isSetAside }) => of === "trust" || !isSetAside),
      next: page.length === PAGE ? page.at(-1)?.id : undefined,
    };
  },
  async after(ctx, { objects, next }) {
    const grant = Study.grantAt(ctx.service.now());
    const signed = objects.map(async ({ objectKey, ...object }) => ({
      ...object,
      url: await ctx.service.ports.archive.signGet(objectKey, { ...grant, contentType: "application/dicom" }),
    }));
    return { objects: await Promise.all(signed), next };
  },
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done
        ? { custodian: done.custodian, patientId: done.patientId, detail: { objects: done.objects.length } }
        : {}),
    }),
  },
});
