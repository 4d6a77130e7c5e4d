import { z } from "zod";
import {
  type AuditSubject,
  Conflict,
  type Ctx,
  defineAction,
  Invalid,
  NotFound,
  type Tx,
} from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { seriesAttributesOf, studyAttributesOf } from "./attributes-of.ts";
import { asConflict, hereOf, MOST_AT_ONCE, newcomerOf } from "./compare-quarantined.ts";
import { type ConflictCode, isVersionOf, STATE_OF, type Way } from "./conflict.ts";
import { decideOnce } from "./decide-quarantine.ts";
import { settleItem } from "./inbox.store.ts";
import { maySolveConflict, type SolvingFacts } from "./ingest.policy.ts";
import { type ConflictRow, findConflicts } from "./quarantine.store.ts";

const reason = z.string().trim().min(3).max(500);
const several = z.array(z.uuid()).min(1).max(MOST_AT_ONCE);

const Solution = z.discriminatedUnion("way", [
  z.object({ way: z.literal("keep"), quarantineIds: several, reason }),
  // One at a time, and only what was looked at: `hereInstanceId` is what stood on the other side.
  z.object({
    way: z.literal("replace"),
    quarantineIds: z.array(z.uuid()).length(1),
    hereInstanceId: z.uuid(),
    reason,
  }),
  z.object({ way: z.literal("both"), quarantineIds: several, patientId: z.uuid(), reason }),
]);
type Solution = z.output<typeof Solution>;

type Item = ConflictRow & { code: ConflictCode };
type Facts = SolvingFacts & { rows: readonly ConflictRow[] };
/** Where the newcomer went; nowhere, when what is here was kept. */
type Place = { studyId: string; instanceId: string; patientId: string };
type Solved = { item: Item; place: Place | undefined };

/** Whose record would change: of whom an image is replaced, or under whom the newcomer is taken in. */
async function changedPatient(
  tx: Tx,
  solution: Solution,
  rows: readonly ConflictRow[],
): Promise<string | undefined> {
  if (solution.way === "both") return solution.patientId;
  const [row] = rows;
  if (solution.way === "keep" || !row?.came) return undefined;
  return (await hereOf(tx, row.custodian, newcomerOf(row)))?.facts.record.patientId;
}

async function load(tx: Tx, solution: Solution): Promise<Facts> {
  // One order, so that two who decide the same items wait for each other and never for ever.
  const ids = [...new Set(solution.quarantineIds)].sort();
  const rows = await findConflicts(tx, ids);
  if (rows.length !== ids.length)
    throw new NotFound("QUARANTINE_NOT_FOUND", "This item is not in quarantine.");
  const custodians = [...new Set(rows.map((row) => row.custodian))];
  const patientId = await changedPatient(tx, solution, rows);
  const records = patientId ? await Patient.findRecordsOfPatient(tx, patientId) : [];
  return {
    custodian: custodians.length === 1 ? (custodians[0] ?? "") : "",
    way: solution.way,
    sensitivities: [...new Set(records.flatMap((record) => record.sensitivities))],
    rows: ids.flatMap((id) => rows.find((row) => row.id === id) ?? []),
  };
}

/** The chosen person as this trust knows them: an image needs a local number of the trust that holds it. */
async function recordIn(tx: Tx, custodian: string, patientId: string): Promise<Patient.RecordRow> {
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  const own = records.find((record) => record.custodian === custodian);
  if (own) return own;
  throw new Invalid(
    "NO_RECORD_HERE",
    "This patient has no number in your trust. Images can only be taken in under a patient whom your trust knows.",
  );
}

/** The newcomer is served from now on; what was here is kept whole, and can be served again. */
async function replace(tx: Tx, item: Item, solution: Solution & { way: "replace" }): Promise<Place> {
  const came = newcomerOf(item);
  const here = await hereOf(tx, item.custodian, came);
  if (here?.kept.instanceId !== solution.hereInstanceId)
    throw new Conflict("HERE_CHANGED", "What is here has changed since you compared. Compare the two again.");
  if (!isVersionOf(item.code, here.kept, came))
    throw new Invalid(
      "NOT_A_VERSION",
      "The newcomer says that it belongs to another series, study or patient, so it is no version of what is here.",
    );
  const { reason } = solution;
  const instanceId = await Study.replaceInstance(tx, here.kept, { instance: came, reason });
  const { studyId } = here.kept;
  await Study.touchStudies(tx, [studyId]);
  await tx.enqueue("study.indexed", { studyId });
  return { studyId, instanceId, patientId: here.facts.record.patientId };
}

async function takeInUnder(tx: Tx, item: Item, solution: Solution & { way: "both" }): Promise<Place> {
  const { reason } = solution;
  const record = await recordIn(tx, item.custodian, solution.patientId);
  const came = newcomerOf(item);
  const here = await hereOf(tx, item.custodian, came);
  if (here?.facts.record.patientId === record.patientId)
    throw new Invalid(
      "SAME_PATIENT",
      "That is the patient whose image is here already. Choose another patient, or replace what is here.",
    );
  const place = await Study.indexDerived(tx, {
    record,
    study: studyAttributesOf(came.header, came.studyInstanceUid),
    series: seriesAttributesOf(came.header, came.seriesInstanceUid),
    instance: came,
    reason,
  });
  return { ...place, patientId: record.patientId };
}

async function solveOne(tx: Tx, row: ConflictRow, solution: Solution): Promise<Solved> {
  const item = asConflict(row);
  await decideOnce(tx, item, STATE_OF[solution.way], solution.reason);
  if (solution.way === "keep") return { item, place: undefined };
  const place =
    solution.way === "replace" ? await replace(tx, item, solution) : await takeInUnder(tx, item, solution);
  const { studyId, instanceId } = place;
  await settleItem(tx, {
    itemId: item.inboxItemId,
    outcome: "accepted",
    studyId,
    instanceId,
    ...(item.came ? { sha256: item.came.sha256Received } : {}),
  });
  return { item, place };
}

/** The inbox's copy goes; of what is served from now on only once it is certain that it lies in the archive. */
async function clear(ctx: Ctx, { item, place }: Solved): Promise<void> {
  const { inbox, archive } = ctx.service.ports;
  if (place && item.came && !(await archive.head(item.came.objectKey))) {
    ctx.service.log({ level: "error", event: "ingest.solved-object-missing", quarantineId: item.id });
    return;
  }
  await inbox.delete(item.objectKey);
}

const subjectOf = (way: Way, { item, place }: Solved): AuditSubject => ({
  custodian: item.custodian,
  ...(place ? { studyId: place.studyId, patientId: place.patientId } : {}),
  detail: { quarantineId: item.id, way },
});

/**
 * Ends a conflict under one UID (clinical page §17): *keep* what is here, *replace* it by a new version, or take in *both*,
 * the newcomer under another patient of this trust and UIDs of our own. Once; nothing is overwritten or deleted.
 *
 * @throws {NotFound} `QUARANTINE_NOT_FOUND`
 * @throws {Invalid} `NOT_A_CONFLICT`, `NOT_A_VERSION`, `NO_RECORD_HERE`, `SAME_PATIENT`
 * @throws {Conflict} `ALREADY_DECIDED`, `HERE_CHANGED`, `COMPARISON_MISSING`, `ALREADY_TAKEN_IN`
 */
export const solveConflict = defineAction({
  name: "ingest.solve-conflict",
  input: Solution,
  policy: maySolveConflict,
  load,
  async run(tx, solution, { rows }) {
    const solved: Solved[] = [];
    for (const row of rows) solved.push(await solveOne(tx, row, solution));
    return solved;
  },
  async after(ctx, solved) {
    for (const one of solved) await clear(ctx, one);
    return { solved: solved.map(({ item, place }) => ({ quarantineId: item.id, studyId: place?.studyId })) };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ way, quarantineIds }, done) =>
      done?.map((one) => subjectOf(way, one)) ??
      quarantineIds.map((quarantineId) => ({ detail: { quarantineId, way } })),
  },
});
