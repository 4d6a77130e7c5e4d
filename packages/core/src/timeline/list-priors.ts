import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { anatomyOf } from "./anatomy-of-study.ts";
import { type Rankable, rankPriors } from "./rank-priors.ts";
import { rankableRow } from "./rankable-row.ts";
import { rowsOfPatient } from "./rows-of-patient.ts";
import { sideIn } from "./side.ts";
import { mayReadPriors } from "./timeline.policy.ts";
import type { TimelineRow } from "./timeline.ts";

/** So many stand there before the others are asked for, and their first frames are fetched ahead. */
const SHOWN = 3;

/** Of what is read by a grace or broken glass, and stands on no list of its reader's. */
function fromHead({ study }: Study.StudyFacts): Rankable {
  const { custodian, bodyParts, modalities, studyDate, description } = study;
  const words = description ? [description] : [];
  const { regions, side } = anatomyOf({ custodian, procedureCode: undefined, bodyParts, words });
  return { studyId: study.id, regions, side: sideIn(side), modalities, studyDate };
}

/** The row that stands for a study: its own, or that of an equal copy. */
const standsFor = (rows: readonly TimelineRow[], studyId: string) =>
  rows.find((row) => row.studyId === studyId) ??
  rows.find(({ copies }) => copies.some((copy) => copy.studyId === studyId));

/**
 * What of the same patient helps in reading this study, ranked and never filtered, each with the reason in words; whoever made
 * it, as far as this actor may open it. `shown`: so many stand first, "3 of 14 shown".
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`
 * @throws {AccessDenied} with the reading policy's reason
 */
export const priors = defineAction({
  name: "timeline.priors",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadPriors,
  isPlannedOnce: () => true,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, { studyId }, facts) {
    const { patientId, studyInstanceUid, custodian } = facts.study;
    const { rows, isCut } = await rowsOfPatient(tx, patientId, undefined);
    const own = standsFor(rows, studyId);
    const current = own ? rankableRow(own) : fromHead(facts);
    // A copy of what is being read is no prior of it, whoever holds it.
    const others = rows.filter((row) => row.studyInstanceUid !== studyInstanceUid).map(rankableRow);
    const ranked = rankPriors(current, others).map(({ study: { row, side }, score: _score, ...judged }) => ({
      studyId: row.studyId,
      /** The first series of images: what to fetch ahead. */
      seriesId: row.firstSeriesId,
      custodian: row.custodian,
      site: row.site,
      description: row.description,
      modalities: row.modalities,
      bodyParts: row.bodyParts,
      studyDate: row.studyDate,
      studiedAt: row.studiedAt,
      isOutside: row.isOutside,
      sourceName: row.sourceName,
      reportState: row.reportState,
      report: row.report,
      completeness: row.completeness,
      copies: row.copies,
      sideWarning: row.side.warning,
      side,
      ...judged,
    }));
    return {
      studyId,
      patientId,
      custodian,
      regions: [...current.regions],
      side: current.side,
      priors: ranked,
      shown: Math.min(SHOWN, ranked.filter(({ isRelevant }) => isRelevant).length),
      newer: ranked.filter(({ isNewer }) => isNewer).length,
      isCut,
    };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done
        ? { patientId: done.patientId, custodian: done.custodian, detail: { priors: done.priors.length } }
        : {}),
    }),
  },
});
