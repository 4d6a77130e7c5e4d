import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Rule } from "./release.ts";

export type StatedRule = { id: string; modality: string; rule: Rule; madeBy: string; madeAt: Date };

function ruleOf(kind: string, days: number | null): Rule {
  if (kind === "at-once") return { kind };
  return kind === "after-days" && days !== null ? { kind, days } : { kind: "after-told" };
}

/** Rules of a trust that hold now. */
export async function findRules(tx: Tx, organisation: string): Promise<StatedRule[]> {
  const rows = await databaseOf(tx).releaseRule.findMany({
    where: { organisation, endedAt: null },
    select: { id: true, modality: true, kind: true, days: true, madeBy: true, madeAt: true },
    orderBy: { modality: "asc" },
  });
  return rows.map(({ kind, days, ...row }) => ({ ...row, rule: ruleOf(kind, days) }));
}

/** What stood for the same kind of study ends with it. */
export async function replaceRule(
  tx: Tx,
  { organisation, modality, rule }: { organisation: string; modality: string; rule: Rule | undefined },
): Promise<void> {
  const db = databaseOf(tx).releaseRule;
  await db.updateMany({
    where: { organisation, modality, endedAt: null },
    data: { endedAt: tx.now, endedBy: tx.actor.id },
  });
  if (!rule) return;
  const days = rule.kind === "after-days" ? rule.days : null;
  await db.create({
    data: { organisation, modality, kind: rule.kind, days, madeBy: tx.actor.id, madeAt: tx.now },
    select: { id: true },
  });
}

export type StudyRelease = {
  toldAt: Date | undefined;
  heldAt: Date | undefined;
  notToProxiesAt: Date | undefined;
};

export async function findStudyRelease(tx: Tx, studyId: string): Promise<StudyRelease> {
  const row = await databaseOf(tx).studyRelease.findUnique({
    where: { studyId },
    select: { toldAt: true, heldAt: true, notToProxiesAt: true },
  });
  return {
    toldAt: row?.toldAt ?? undefined,
    heldAt: row?.heldAt ?? undefined,
    notToProxiesAt: row?.notToProxiesAt ?? undefined,
  };
}

export type Of = { organisation: string; patientRecordId: string; patientId: string };
export type Mark = "told" | "held" | "notToProxies";

/** Sets one of a study's marks, or takes it back. */
export async function markStudy(
  tx: Tx,
  { studyId, ...of }: Of & { studyId: string },
  mark: Mark,
  stands: "set" | "taken-back",
): Promise<void> {
  const [at, by] = stands === "set" ? [tx.now, tx.actor.id] : [null, null];
  const data = { [`${mark}At`]: at, [`${mark}By`]: by };
  await databaseOf(tx).studyRelease.upsert({
    where: { studyId },
    create: { studyId, ...of, ...data },
    update: data,
    select: { studyId: true },
  });
}

export type Wishes = { callFirstAt: Date | undefined; quietAt: Date | undefined };

/** What the patient asked of any trust: the most careful counts. */
export async function findWishes(tx: Tx, patientId: string): Promise<Wishes> {
  const rows = await databaseOf(tx).patientSharing.findMany({
    where: { patientId },
    select: { callFirstAt: true, quietAt: true },
  });
  return {
    callFirstAt: rows.find(({ callFirstAt }) => callFirstAt)?.callFirstAt ?? undefined,
    quietAt: rows.find(({ quietAt }) => quietAt)?.quietAt ?? undefined,
  };
}

/** What the patient asked of one trust. */
export async function findWishesOfRecord(tx: Tx, patientRecordId: string): Promise<Wishes> {
  const row = await databaseOf(tx).patientSharing.findUnique({
    where: { patientRecordId },
    select: { callFirstAt: true, quietAt: true },
  });
  return { callFirstAt: row?.callFirstAt ?? undefined, quietAt: row?.quietAt ?? undefined };
}

type YesNo = "yes" | "no" | undefined;
/** A wish that stands keeps the moment from which it stands; one that isn't named stays as it is. */
const wishAt = (said: YesNo, before: Date | undefined, now: Date): Date | null => {
  if (said === "no") return null;
  return before ?? (said === "yes" ? now : null);
};

export async function writeWishes(
  tx: Tx,
  { patientRecordId, ...of }: Of,
  wishes: { callFirst: YesNo; quiet: YesNo },
): Promise<void> {
  const before = await findWishesOfRecord(tx, patientRecordId);
  const data = {
    callFirstAt: wishAt(wishes.callFirst, before.callFirstAt, tx.now),
    quietAt: wishAt(wishes.quiet, before.quietAt, tx.now),
    ...{ changedBy: tx.actor.id, changedAt: tx.now },
  };
  await databaseOf(tx).patientSharing.upsert({
    where: { patientRecordId },
    create: { patientRecordId, ...of, ...data },
    update: data,
    select: { patientRecordId: true },
  });
}

export type Settings = { reviewAge: number; helpName: string; helpPhone: string; helpHours: string };

export async function findSettings(tx: Tx, organisation: string): Promise<Settings> {
  const row = await databaseOf(tx).linkSetting.findUnique({
    where: { organisation },
    select: { reviewAge: true, helpName: true, helpPhone: true, helpHours: true },
  });
  return row ?? { reviewAge: 13, helpName: "", helpPhone: "", helpHours: "" };
}

export async function writeSettings(tx: Tx, organisation: string, settings: Settings): Promise<void> {
  const data = { ...settings, changedBy: tx.actor.id, changedAt: tx.now };
  await databaseOf(tx).linkSetting.upsert({
    where: { organisation },
    create: { organisation, ...data },
    update: data,
    select: { organisation: true },
  });
}
