import { z } from "zod";
import { Conflict, defineAction, type Tx } from "../kernel/index.ts";
import { noSuchCase } from "../mdt/index.ts";
import { readOrganisations } from "../organisation/index.ts";
import * as Store from "./outcome.store.ts";
import { CHANNELS } from "./outcome.ts";
import { identityOf } from "./read-case.ts";
import { maySeeCase } from "./room.policy.ts";
import { caseFacts, type KnownCase } from "./room-facts.ts";
import { studiesOf } from "./seen-studies.ts";
import { showOutcome } from "./show-outcome.ts";

/** @throws {Conflict} `OUTCOME_NOT_SIGNED` */
async function signedOf(tx: Tx, caseId: string) {
  const outcome = await Store.findOutcome(tx, caseId);
  if (!outcome?.signed)
    throw new Conflict("OUTCOME_NOT_SIGNED", "A letter goes out once the chair has signed.");
  return { ...outcome, signed: outcome.signed };
}

/** What a letter says: nothing that isn't signed, and each study as it was fixed. */
async function letterOf(tx: Tx, { found, meeting }: KnownCase) {
  const { signed } = await signedOf(tx, found.id);
  const { rows } = await studiesOf(tx, found.patientId);
  const trusts = new Map((await readOrganisations(tx)).map(({ odsCode, name }) => [odsCode, name]));
  return {
    meeting: meeting.name,
    heldOn: meeting.heldOn,
    host: trusts.get(meeting.organisation) ?? meeting.organisation,
    patient: await identityOf(tx, found),
    ...{ question: found.question, referrer: found.referrer },
    outcome: await showOutcome(tx, found.id),
    present: signed.present,
    studies: signed.fixed.studies.map(({ studyId, images }) => {
      const row = rows.find((one) => one.studyId === studyId);
      const report = signed.fixed.reports.find((one) => one.studyId === studyId);
      return {
        name: row ? (row.description ?? row.modalities.join(", ")) : "A study that can't be shown any more",
        date: row?.studyDate,
        trust: row ? (trusts.get(row.custodian) ?? row.custodian) : undefined,
        ...{ images, reportVersion: report?.version },
      };
    }),
  };
}

/**
 * A signed outcome as its letter says it, to be made a PDF and to go out.
 *
 * @throws {Conflict} `OUTCOME_NOT_SIGNED`
 */
export const readLetter = defineAction({
  name: "room.read-letter",
  input: z.object({ caseId: z.uuid() }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  run: async (tx, _input, facts) => ({
    letter: await letterOf(tx, facts),
    patientId: facts.found.patientId,
  }),
  after: async (_ctx, { letter }) => letter,
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, letter: true },
    }),
  },
});

/**
 * Notes that the letter was sent, to the record or to the GP. It counts as not acknowledged until somebody there has said that it
 * came; an addendum after it asks for another.
 *
 * @throws {Conflict} `OUTCOME_NOT_SIGNED`
 */
export const noteSent = defineAction({
  name: "room.note-sent",
  input: z.object({
    caseId: z.uuid(),
    channel: z.enum(CHANNELS),
    recipient: z.string().trim().min(2).max(200),
  }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, channel, recipient }, { found }) {
    const outcome = await signedOf(tx, caseId);
    const addenda = (await Store.findAddenda(tx, outcome.id)).length;
    await Store.createDelivery(tx, outcome, { channel, recipient, addenda });
    return { outcome: await showOutcome(tx, caseId), patientId: found.patientId };
  },
  after: async (_ctx, { outcome }) => ({ outcome }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, channel }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, sent: channel },
    }),
  },
});

/** @throws {Conflict} `DELIVERY_NOT_WAITING` */
export const noteAcknowledged = defineAction({
  name: "room.note-acknowledged",
  input: z.object({ caseId: z.uuid(), deliveryId: z.uuid(), by: z.string().trim().min(2).max(200) }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, deliveryId, by }, { found }) {
    const { id: outcomeId } = await signedOf(tx, caseId);
    if (!(await Store.acknowledgeDelivery(tx, { deliveryId, outcomeId, by })))
      throw new Conflict(
        "DELIVERY_NOT_WAITING",
        "That letter is acknowledged already, or isn't this case's.",
      );
    return { outcome: await showOutcome(tx, caseId), patientId: found.patientId };
  },
  after: async (_ctx, { outcome }) => ({ outcome }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, deliveryId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, deliveryId, isAcknowledged: done !== undefined },
    }),
  },
});
