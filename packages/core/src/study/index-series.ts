import type { Tx } from "../kernel/index.ts";
import { judgeCopy } from "./judge-copy.ts";
import { writeOverlay } from "./overlay.store.ts";
import {
  createStudy,
  findHeldUnderAnother,
  findKnownCopies,
  findOrCreateSeries,
  findStudyByUid,
  insertAlternate,
  insertInstances,
  isSeriesOfAnotherStudy,
  type KnownCopy,
  lockStudy,
  noteArrival,
  type StudyRow,
} from "./study.store.ts";
import type { ConflictCode, IncomingInstance, IncomingSeries, IndexOutcome } from "./study.ts";

const factsOf = (incoming: IncomingSeries, instance: IncomingInstance) => ({
  sha256Received: instance.sha256Received,
  pixelSha256: instance.pixelSha256,
  transferSyntaxUid: instance.transferSyntaxUid,
  seriesInstanceUid: incoming.series.seriesInstanceUid,
  studyInstanceUid: incoming.study.studyInstanceUid,
  header: instance.header,
});

const judgedOf = ({ sopInstanceUid, sha256Received }: IncomingInstance) => ({
  sopInstanceUid,
  sha256Received,
});

async function settleKnown(
  tx: Tx,
  incoming: IncomingSeries,
  instance: IncomingInstance,
  known: KnownCopy,
): Promise<IndexOutcome> {
  const { instanceId, studyId } = known;
  const duplicate = { ...judgedOf(instance), outcome: "duplicate", instanceId, studyId } as const;
  if (known.alternates.includes(instance.sha256Received)) return duplicate;
  const judged = judgeCopy(known.facts, factsOf(incoming, instance));
  if (judged.kind === "duplicate") return duplicate;
  if (judged.kind === "conflict")
    return { ...judgedOf(instance), outcome: "conflict", code: "UID_CONFLICT", differs: judged.differs };
  await insertAlternate(tx, { instanceId, custodian: incoming.custodian }, instance, judged.differs);
  known.alternates.push(instance.sha256Received);
  return { ...judgedOf(instance), outcome: "alternate", instanceId, studyId, differs: judged.differs };
}

/** The same UID twice in one batch: the first is new, the others are judged against it. */
function split(instances: readonly IncomingInstance[], known: ReadonlyMap<string, KnownCopy>) {
  const fresh = new Map<string, IncomingInstance>();
  const again: IncomingInstance[] = [];
  for (const instance of instances) {
    if (known.has(instance.sopInstanceUid) || fresh.has(instance.sopInstanceUid)) again.push(instance);
    else fresh.set(instance.sopInstanceUid, instance);
  }
  return { fresh: [...fresh.values()], again };
}

const refuse = (instances: readonly IncomingInstance[], code: ConflictCode): IndexOutcome[] =>
  instances.map((instance) => ({ ...judgedOf(instance), outcome: "conflict", code, differs: [] }));

/** Another patient under a known Study UID, another study under a known Series UID: nothing of it is taken in. */
async function misplaced(
  tx: Tx,
  incoming: IncomingSeries,
  study: StudyRow | undefined,
): Promise<ConflictCode | undefined> {
  if (await isSeriesOfAnotherStudy(tx, incoming)) return "SERIES_MISMATCH";
  return study && study.patientRecordId !== incoming.patientRecordId ? "PATIENT_MISMATCH" : undefined;
}

/** The source's word, cut to what Issuer of Patient ID (0010,0021) holds: LO, 64 characters. */
const issuerOf = (sourceName: string) => ({ "00100021": { vr: "LO", Value: [sourceName.slice(0, 64)] } });

/** An outside study's Patient ID is its source's, never a local number of the trust: it is served with its issuer. */
async function makeStudy(tx: Tx, incoming: IncomingSeries): Promise<StudyRow> {
  const study = await createStudy(tx, incoming);
  if (incoming.sourceName)
    await writeOverlay(tx, {
      custodian: incoming.custodian,
      level: "study",
      targetId: study.id,
      studyId: study.id,
      attributes: issuerOf(incoming.sourceName),
      reason: "outside images: the number's issuer is their source",
    });
  return study;
}

/** Takes in what this custodian did not know. The study and the series come into being with their first instance. */
export async function indexFresh(
  tx: Tx,
  incoming: IncomingSeries,
  fresh: readonly IncomingInstance[],
  known: StudyRow | undefined,
): Promise<{ study: StudyRow; seriesId: string; ids: Map<string, string> }> {
  const study = known ?? (await makeStudy(tx, incoming));
  const series = await findOrCreateSeries(tx, incoming.custodian, study.id, incoming.series);
  const ids = await insertInstances(tx, { id: series.id, custodian: incoming.custodian }, fresh);
  await noteArrival(tx, series.id, study, incoming.series);
  await tx.enqueue("study.indexed", { studyId: study.id });
  return { study, seriesId: series.id, ids };
}

async function settleAgain(
  tx: Tx,
  incoming: IncomingSeries,
  again: readonly IncomingInstance[],
  known: ReadonlyMap<string, KnownCopy>,
): Promise<IndexOutcome[]> {
  const outcomes: IndexOutcome[] = [];
  for (const instance of again) {
    const copy = known.get(instance.sopInstanceUid);
    if (copy) outcomes.push(await settleKnown(tx, incoming, instance, copy));
  }
  return outcomes;
}

async function takeIn(
  tx: Tx,
  incoming: IncomingSeries,
  study: StudyRow | undefined,
  instances: readonly IncomingInstance[],
): Promise<IndexOutcome[]> {
  const uids = instances.map(({ sopInstanceUid }) => sopInstanceUid);
  const known = await findKnownCopies(tx, incoming.custodian, uids);
  const { fresh, again } = split(instances, known);
  if (fresh.length === 0) return settleAgain(tx, incoming, again, known);
  const made = await indexFresh(tx, incoming, fresh, study);
  const accepted = fresh.map((instance): IndexOutcome & { outcome: "accepted" } => ({
    ...judgedOf(instance),
    outcome: "accepted",
    instanceId: made.ids.get(instance.sopInstanceUid) ?? "",
    studyId: made.study.id,
  }));
  for (const [index, instance] of fresh.entries()) {
    const { instanceId = "", studyId = "" } = accepted[index] ?? {};
    const facts = factsOf(incoming, instance);
    known.set(instance.sopInstanceUid, { instanceId, studyId, alternates: [], facts });
  }
  return [...accepted, ...(await settleAgain(tx, incoming, again, known))];
}

/**
 * Indexes the instances of one series, in one transaction, an outcome an instance. Repeating it changes nothing.
 * Nothing that is known is overwritten; what disagrees comes back as a conflict for the quarantine.
 */
export async function indexSeries(tx: Tx, incoming: IncomingSeries): Promise<IndexOutcome[]> {
  const { custodian, instances } = incoming;
  await lockStudy(tx, custodian, incoming.study.studyInstanceUid);
  const uids = instances.map(({ sopInstanceUid }) => sopInstanceUid);
  const elsewhere = await findHeldUnderAnother(tx, custodian, uids);
  const held = instances.flatMap((instance): IndexOutcome[] => {
    const place = elsewhere.get(instance.sha256Received);
    return place ? [{ ...judgedOf(instance), outcome: "duplicate", ...place }] : [];
  });
  const rest = instances.filter(({ sha256Received }) => !elsewhere.has(sha256Received));
  const study = await findStudyByUid(tx, custodian, incoming.study.studyInstanceUid);
  const code = await misplaced(tx, incoming, study);
  return [...held, ...(code ? refuse(rest, code) : await takeIn(tx, incoming, study, rest))];
}
