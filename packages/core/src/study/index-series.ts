import type { Tx } from "../kernel/index.ts";
import { judgeCopy } from "./judge-copy.ts";
import {
  findKnownCopies,
  findOrCreateSeries,
  findOrCreateStudy,
  insertAlternate,
  insertInstances,
  isSeriesOfAnotherStudy,
  type KnownCopy,
  lockStudy,
  noteArrival,
} from "./study.store.ts";
import type { IncomingInstance, IncomingSeries, IndexOutcome } from "./study.ts";

const factsOf = (incoming: IncomingSeries, instance: IncomingInstance) => ({
  sha256Received: instance.sha256Received,
  pixelSha256: instance.pixelSha256,
  transferSyntaxUid: instance.transferSyntaxUid,
  seriesInstanceUid: incoming.series.seriesInstanceUid,
  studyInstanceUid: incoming.study.studyInstanceUid,
  header: instance.header,
});

async function settleKnown(
  tx: Tx,
  incoming: IncomingSeries,
  instance: IncomingInstance,
  known: KnownCopy,
): Promise<IndexOutcome> {
  const { sopInstanceUid } = instance;
  const { instanceId, studyId } = known;
  if (known.alternates.includes(instance.sha256Received))
    return { sopInstanceUid, outcome: "duplicate", instanceId, studyId };
  const judged = judgeCopy(known.facts, factsOf(incoming, instance));
  if (judged.kind === "duplicate") return { sopInstanceUid, outcome: "duplicate", instanceId, studyId };
  if (judged.kind === "conflict")
    return { sopInstanceUid, outcome: "conflict", code: "UID_CONFLICT", differs: judged.differs };
  await insertAlternate(tx, { instanceId, custodian: incoming.custodian }, instance, judged.differs);
  known.alternates.push(instance.sha256Received);
  return { sopInstanceUid, outcome: "alternate", instanceId, studyId, differs: judged.differs };
}

/** The same UID twice in one batch: the first is new, the others are judged against it. */
function split(incoming: IncomingSeries, known: Map<string, KnownCopy>) {
  const fresh = new Map<string, IncomingInstance>();
  const again: IncomingInstance[] = [];
  for (const instance of incoming.instances) {
    if (known.has(instance.sopInstanceUid) || fresh.has(instance.sopInstanceUid)) again.push(instance);
    else fresh.set(instance.sopInstanceUid, instance);
  }
  return { fresh: [...fresh.values()], again };
}

const refuseAll = (incoming: IncomingSeries, code: "PATIENT_MISMATCH" | "SERIES_MISMATCH"): IndexOutcome[] =>
  incoming.instances.map(({ sopInstanceUid }) => ({
    sopInstanceUid,
    outcome: "conflict",
    code,
    differs: [],
  }));

/**
 * Indexes the instances of one series, in one transaction, an outcome an instance. Repeating it changes nothing.
 * Nothing that is known is overwritten; what disagrees comes back as a conflict for the quarantine.
 */
export async function indexSeries(tx: Tx, incoming: IncomingSeries): Promise<IndexOutcome[]> {
  await lockStudy(tx, incoming.custodian, incoming.study.studyInstanceUid);
  if (await isSeriesOfAnotherStudy(tx, incoming)) return refuseAll(incoming, "SERIES_MISMATCH");
  const study = await findOrCreateStudy(tx, incoming);
  if (study.patientRecordId !== incoming.patientRecordId) return refuseAll(incoming, "PATIENT_MISMATCH");
  const series = await findOrCreateSeries(tx, incoming.custodian, study.id, incoming.series);

  const known = await findKnownCopies(
    tx,
    incoming.custodian,
    incoming.instances.map(({ sopInstanceUid }) => sopInstanceUid),
  );
  const { fresh, again } = split(incoming, known);
  const ids = await insertInstances(tx, { id: series.id, custodian: incoming.custodian }, fresh);
  const outcomes: IndexOutcome[] = fresh.map(({ sopInstanceUid }) => ({
    sopInstanceUid,
    outcome: "accepted",
    instanceId: ids.get(sopInstanceUid) ?? "",
    studyId: study.id,
  }));
  for (const instance of fresh) {
    const instanceId = ids.get(instance.sopInstanceUid) ?? "";
    known.set(instance.sopInstanceUid, {
      instanceId,
      studyId: study.id,
      alternates: [],
      facts: factsOf(incoming, instance),
    });
  }
  for (const instance of again) {
    const copy = known.get(instance.sopInstanceUid);
    if (copy) outcomes.push(await settleKnown(tx, incoming, instance, copy));
  }
  if (fresh.length > 0) {
    await noteArrival(tx, series.id, study, incoming.series);
    await tx.enqueue("study.indexed", { studyId: study.id });
  }
  return outcomes;
}
