import { randomUUID } from "node:crypto";
import { z } from "zod";
import * as Ingest from "../ingest/index.ts";
import { Conflict, defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayMark } from "./mark.policy.ts";
import { readingOf } from "./marking-facts.ts";

/**
 * A signed PUT for each object that a reader made of a study: a report of measurements, or key objects. They are taken in
 * as the study's own, in its custodian's archive, and nothing else comes through here (`NOT_OF_THIS_STUDY`).
 *
 * @throws {Conflict} `READ_BLIND` on a screening study: it would reach the other readers as a series
 */
export const beginExport = defineAction({
  name: "annotation.begin-export",
  input: z.object({ studyId: z.uuid(), files: Ingest.FilesToSign.max(4) }),
  policy: mayMark,
  absent: Study.noSuchStudy,
  async load(tx, { studyId }) {
    const facts = await Study.studyFacts(tx, studyId);
    return { ...facts, reading: await readingOf(tx, facts) };
  },
  async run(tx, { studyId, files }, { study, reading }) {
    if (reading.isScreening)
      throw new Conflict(
        "READ_BLIND",
        "A screening study is read blind: nothing of one reader becomes a series that others see.",
      );
    const { custodian, patientId } = study;
    const upload = { id: randomUUID(), custodian, door: "viewer" };
    await Ingest.createUpload(tx, { ...upload, outside: undefined, forStudyId: studyId });
    const dicom = files.map((file) => ({ ...file, kind: "dicom" as const }));
    const items = Ingest.newItems({ ...upload, uploadId: upload.id }, dicom);
    await Ingest.createItems(tx, items);
    return { uploadId: upload.id, items, custodian, patientId };
  },
  after: async (ctx, { uploadId, items }) => ({ uploadId, items: await Ingest.signPuts(ctx, items) }),
  audit: {
    how: "each",
    verb: "received",
    subjects: ({ studyId, files }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { files: files.length },
    }),
  },
});
