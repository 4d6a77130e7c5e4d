import { z } from "zod";
import { Conflict, defineAction, NotFound } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { whyLookFirst } from "./burned-in.ts";
import { mayTakePicture } from "./takeout.policy.ts";

/**
 * One image of a study leaves as a picture, drawn by the viewer. On the record as taken out, before it is drawn.
 *
 * @throws {Conflict} `LOOK_FIRST` without patient text, where text may be burned in or was typed, and nobody has looked
 * @throws {NotFound} `IMAGE_NOT_SERVED`
 */
export const takePicture = defineAction({
  name: "takeout.take-picture",
  input: z.object({
    studyId: z.uuid(),
    instanceId: z.uuid(),
    frame: z.number().int().min(1).max(100_000),
    withPatientText: z.boolean(),
    /** They looked at this image: nothing in its pixels names the patient. */
    isLookedAt: z.boolean().default(false),
    /** Drawings are in it: the reader's own, or as somebody presented it. */
    withDrawings: z.boolean().default(false),
    /** Words among them that somebody typed: labels, notes, planes of marks. */
    hasWords: z.boolean().default(false),
    how: z.enum(["file", "print"]).default("file"),
  }),
  policy: mayTakePicture,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, { instanceId, withPatientText, isLookedAt, hasWords }, { study }) {
    const says = await Study.findPictureSays(tx, study.id, instanceId);
    if (!says) throw new NotFound("IMAGE_NOT_SERVED", "That image is no longer part of this study.");
    const drawn = hasWords ? "words" : "nothing";
    const why = withPatientText || isLookedAt ? undefined : whyLookFirst({ ...says, drawn });
    if (why)
      throw new Conflict("LOOK_FIRST", `${why} Look at it, and say that nothing in it names the patient.`);
    return { patientId: study.patientId, custodian: study.custodian };
  },
  after: async () => ({ taken: true as const }),
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ studyId, ...detail }, done) => ({ studyId, ...done, detail }),
  },
});
