import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Organisation from "../organisation/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import type { Item } from "./link.ts";
import { mayUseLink } from "./mine.policy.ts";
import { granted, type Mine, mineFacts, nothingHere, shownFacts } from "./mine-facts.ts";
import { findSettings } from "./release.store.ts";
import { findReportOf, readable } from "./release-facts.ts";

export type MineReport =
  | { state: "not-with-link" | "not-written-yet" }
  /** `changedAt`: a later version took the place of what stood first. */
  | { state: "written"; writtenAt: string; changedAt: string | undefined };

export type MineStudy =
  | { studyId: string; state: "not-now" }
  | {
      studyId: string;
      state: "open";
      studyDate: string | undefined;
      studiedAt: string | undefined;
      description: string | undefined;
      modalities: string[];
      bodyParts: string[];
      servedVersion: number;
      series: Study.LinkedSeries[];
      report: MineReport;
    };

async function reportOf(tx: Tx, facts: Study.StudyFacts, { link }: Mine): Promise<MineReport> {
  if (!link.hasReport) return { state: "not-with-link" };
  const versions = readable((await findReportOf(tx, facts)).versions);
  const [newest, first] = [versions[0], versions.at(-1)];
  if (!newest || !first) return { state: "not-written-yet" };
  return {
    state: "written",
    writtenAt: first.reportedAt.toISOString(),
    changedAt: newest === first ? undefined : newest.reportedAt.toISOString(),
  };
}

/** Where images are chosen, so many of a series are shown. */
function counted(series: Study.LinkedSeries[], items: readonly Item[]): Study.LinkedSeries[] {
  const images = items.filter(({ instanceId }) => instanceId !== undefined);
  if (images.length === 0) return series;
  return series.map((one) => ({
    ...one,
    instanceCount: images.filter(({ seriesId }) => seriesId === one.seriesId).length,
  }));
}

async function studyOf(tx: Tx, mine: Mine, studyId: string): Promise<MineStudy> {
  const shown = await shownFacts(tx, studyId, mine);
  if (shown.release?.state !== "open") return { studyId, state: "not-now" };
  const { study, scope } = granted(shown);
  const { completeness: _known, series, ...described } = await Study.describeLinked(tx, study, scope);
  const { modalities, bodyParts } = study.study;
  return {
    ...{ studyId, state: "open", ...described, modalities, bodyParts },
    series: counted(
      series,
      mine.items.filter((item) => item.studyId === studyId),
    ),
    report: await reportOf(tx, study, mine),
  };
}

async function read(tx: Tx, mine: Mine) {
  const { link, items } = mine;
  const [record] = await Patient.findRecordsByIds(tx, [link.patientRecordId]);
  const organisations = await Organisation.readOrganisations(tx);
  const { helpName, helpPhone, helpHours } = await findSettings(tx, link.organisation);
  if (!record) throw nothingHere();
  const studies: MineStudy[] = [];
  for (const studyId of new Set(items.map((item) => item.studyId)))
    studies.push(await studyOf(tx, mine, studyId));
  const { given, family, birthDate } = record.identity;
  return {
    recipient: link.recipient,
    purpose: link.purpose,
    passedTo: link.passedTo,
    mayDownload: link.mayDownload,
    endsAt: link.endsAt.toISOString(),
    /** Hidden on the page until it is asked for. */
    patient: { given, family, birthDate },
    trust: organisations.find(({ odsCode }) => odsCode === link.organisation)?.name ?? "",
    help: { name: helpName, phone: helpPhone, hours: helpHours },
    studies,
  };
}

/** What a link shows, as it is released now. Why something isn't is nobody's to read here. */
export const readMine = defineAction({
  name: "consent.read-mine",
  admits: "patients",
  input: z.object({}),
  policy: mayUseLink,
  absent: nothingHere,
  load: (tx) => mineFacts(tx),
  run: async (tx, _input, mine) => ({ mine: await read(tx, mine), link: mine.link }),
  after: async (_ctx, { mine }) => mine,
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) =>
      done
        ? {
            ...{ patientId: done.link.patientId, custodian: done.link.organisation },
            detail: { linkId: done.link.id, studies: done.mine.studies.length },
          }
        : {},
  },
});
