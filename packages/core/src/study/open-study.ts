import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import type { PatientIdentity } from "../patient/index.ts";
import * as Patient from "../patient/index.ts";
import { type Completeness, completenessOfSeries, completenessOfStudy } from "./completeness.ts";
import { type Copy, readableCopies } from "./copies.ts";
import { noteLook } from "./look.store.ts";
import type { SiteMask } from "./mask-header.ts";
import { maskedUid } from "./mask-header.ts";
import { findNewestDate, findOverlays, findSeriesOfStudy } from "./reading.store.ts";
import { Access, noSuchStudy, type StudyFacts, studyFacts } from "./reading-access.ts";
import { servedSeries, servedStudy } from "./served.ts";
import { countShareable, maskedText, siteMaskFor } from "./site-mask.ts";
import { mayReadStudy } from "./study.policy.ts";

export type OpenedSeries = {
  seriesId: string;
  seriesInstanceUid: string;
  modality: string;
  number: number | undefined;
  description: string | undefined;
  bodyPart: string | undefined;
  laterality: string | undefined;
  instanceCount: number;
  expectedCount: number | undefined;
  version: number;
  completeness: Completeness;
};

export type OpenedStudy = {
  studyId: string;
  studyInstanceUid: string;
  custodian: string;
  /** Rises with every correction: whoever shows an older one is told to open it again. */
  servedVersion: number;
  site: string | undefined;
  description: string | undefined;
  studyDate: string | undefined;
  studiedAt: string | undefined;
  /** The date of the patient's newest study, this one included: an older one says so wherever it is shown. */
  newestDate: string | undefined;
  accessionNumber: string | undefined;
  isOutside: boolean;
  /** Outside images: where the disc came from. */
  sourceName: string | undefined;
  completeness: Completeness;
  /** Other trusts that hold this study of this patient too, as far as this actor may know it. */
  copies: Copy[];
  /** It is open by broken glass: the banner says so all the while. */
  isByGlass: boolean;
  /** Where it was made is masked for this reader; so many of its images wait until somebody has looked for text in them. */
  masked?: { withheld: number };
  patient: PatientIdentity;
  series: OpenedSeries[];
};

/** A study as it says of itself, with its series and how complete each is. */
export async function describedStudy(tx: Tx, facts: StudyFacts): Promise<OpenedStudy> {
  const { study, record } = facts;
  const [series, overlays] = [await findSeriesOfStudy(tx, study.id), await findOverlays(tx, study.id)];
  const head = servedStudy(study, overlays);
  return {
    studyId: study.id,
    studyInstanceUid: study.studyInstanceUid,
    custodian: study.custodian,
    servedVersion: study.servedVersion,
    site: study.site,
    description: head.description,
    studyDate: head.studyDate,
    studiedAt: study.studiedAt?.toISOString(),
    newestDate: await findNewestDate(tx, study.patientId),
    accessionNumber: head.accessionNumber,
    isOutside: study.isOutside,
    sourceName: study.sourceName,
    completeness: completenessOfStudy(series, study.confirmation),
    copies: await readableCopies(tx, facts),
    isByGlass: facts.relationships.includes(Access.GLASS),
    patient: record.identity,
    series: series.map((one) => ({
      seriesId: one.id,
      seriesInstanceUid: one.seriesInstanceUid,
      modality: one.modality,
      number: one.number,
      ...servedSeries(one, overlays),
      instanceCount: one.instanceCount,
      expectedCount: one.expectedCount,
      version: one.version,
      completeness: completenessOfSeries(one),
    })),
  };
}

/** The same for who may not know where it was made (clinical page §7). */
async function withoutSite(tx: Tx, opened: OpenedStudy, mask: SiteMask): Promise<OpenedStudy> {
  const { ofSeries, withheld } = await countShareable(tx, opened.studyId);
  return {
    ...opened,
    studyInstanceUid: mask.maskedStudyUid,
    custodian: "",
    site: undefined,
    description: maskedText(opened.description, mask.words),
    accessionNumber: undefined,
    isOutside: false,
    sourceName: undefined,
    copies: [],
    masked: { withheld },
    patient: Patient.withoutSite(opened.patient),
    series: opened.series
      .filter(({ seriesId }) => ofSeries.has(seriesId))
      .map((one) => ({
        ...one,
        seriesInstanceUid: maskedUid(mask, one.seriesInstanceUid),
        description: maskedText(one.description, mask.words),
        instanceCount: ofSeries.get(one.seriesId) ?? 0,
      })),
  };
}

async function openedFor(tx: Tx, facts: StudyFacts): Promise<OpenedStudy> {
  const opened = await describedStudy(tx, facts);
  const mask = await siteMaskFor(tx, facts);
  return mask ? withoutSite(tx, opened, mask) : opened;
}

/**
 * Opens a study: who it is of, its series and how complete each is. Instances and their locators come by `readSeries`,
 * bytes by `signObjects`.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`
 * @throws {AccessDenied} with the reading policy's reason
 */
export const open = defineAction({
  name: "study.open",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadStudy,
  absent: noSuchStudy,
  load: (tx, { studyId }) => studyFacts(tx, studyId),
  async run(tx, _input, facts) {
    await noteLook(tx, facts.study);
    return { custodian: facts.custodian, opened: await openedFor(tx, facts) };
  },
  after: async (_ctx, { opened }) => opened,
  audit: {
    how: "each",
    verb: "opened",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done ? { patientId: done.opened.patient.patientId, custodian: done.custodian } : {}),
    }),
  },
});
