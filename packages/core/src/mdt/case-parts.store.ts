import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import { type MeetingCase, STUDY_PARTS, type StudyPart } from "./case.ts";
import { TemplateLine } from "./meeting.ts";
import { dayOf, oneOf } from "./stored.ts";

/** What hangs on cases, each kind in one statement. */
export async function findDecided(tx: Tx, caseIds: readonly string[]) {
  const rows = await databaseOf(tx).caseStudy.findMany({
    where: { caseId: { in: [...caseIds] } },
    select: { caseId: true, studyId: true, part: true },
  });
  return rows.map(({ part, ...row }): { caseId: string; studyId: string; part: StudyPart } => ({
    ...row,
    part: oneOf(STUDY_PARTS, part, "prior"),
  }));
}

export async function decideStudy(
  tx: Tx,
  { id: caseId, organisation }: MeetingCase,
  { studyId, part }: { studyId: string; part: StudyPart },
): Promise<void> {
  const said = { part, decidedBy: tx.actor.id, decidedAt: tx.now };
  await databaseOf(tx).caseStudy.upsert({
    where: { caseId_studyId: { caseId, studyId } },
    create: { caseId, studyId, organisation, ...said },
    update: said,
    select: { caseId: true },
  });
}

export const findPins = (tx: Tx, caseIds: readonly string[]) =>
  databaseOf(tx).casePin.findMany({
    where: { caseId: { in: [...caseIds] }, removedAt: null },
    select: { id: true, caseId: true, studyId: true, kind: true, words: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });

export type RequirementRow = {
  id: string;
  caseId: string;
  kind: TemplateLine["kind"];
  label: string;
  modalities: string[];
  regions: TemplateLine["regions"];
  maxAgeDays: number | undefined;
  isFromTemplate: boolean;
  metByStudyId: string | undefined;
  metByWords: string | undefined;
  metOn: string | undefined;
  metAt: string | undefined;
  waivedReason: string | undefined;
  version: number;
};

export async function findRequirements(tx: Tx, caseIds: readonly string[]): Promise<RequirementRow[]> {
  const rows = await databaseOf(tx).caseRequirement.findMany({
    where: { caseId: { in: [...caseIds] }, removedAt: null },
    select: {
      id: true,
      caseId: true,
      kind: true,
      label: true,
      modalities: true,
      regions: true,
      maxAgeDays: true,
      isFromTemplate: true,
      metByStudyId: true,
      metByWords: true,
      metOn: true,
      metAt: true,
      waivedReason: true,
      version: true,
    },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    ...row,
    kind: TemplateLine.shape.kind.parse(row.kind),
    regions: TemplateLine.shape.regions.parse(row.regions),
    maxAgeDays: row.maxAgeDays ?? undefined,
    metByStudyId: row.metByStudyId ?? undefined,
    metByWords: row.metByWords ?? undefined,
    metOn: dayOf(row.metOn),
    metAt: row.metAt ?? undefined,
    waivedReason: row.waivedReason ?? undefined,
  }));
}

export async function addRequirement(tx: Tx, { id: caseId, organisation }: MeetingCase, line: TemplateLine) {
  const { maxAgeDays, ...rest } = line;
  const row = await databaseOf(tx).caseRequirement.create({
    data: {
      ...{
        caseId,
        organisation,
        position: 1000,
        isFromTemplate: false,
        addedBy: tx.actor.id,
        addedAt: tx.now,
      },
      ...rest,
      maxAgeDays: maxAgeDays ?? null,
    },
    select: { id: true },
  });
  return row.id;
}

export type RequirementChange = Partial<{
  metByStudyId: string | null;
  metByWords: string | null;
  metOn: Date | null;
  metAt: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  waivedReason: string | null;
  waivedBy: string | null;
  waivedAt: Date | null;
  removedAt: Date | null;
}>;

/** @returns whether nobody else was first. */
export async function changeRequirement(
  tx: Tx,
  where: { id: string; caseId: string; version: number },
  change: RequirementChange,
): Promise<boolean> {
  const { count } = await databaseOf(tx).caseRequirement.updateMany({
    where,
    data: { ...change, version: where.version + 1 },
  });
  return count === 1;
}
