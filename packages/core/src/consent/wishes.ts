import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { ofRecord } from "./contacts.ts";
import { findWishes, findWishesOfRecord, type Wishes, writeWishes } from "./release.store.ts";
import { mayServe } from "./staff.policy.ts";
import { noSuchPatient, type PatientSide, patientSide } from "./staff-facts.ts";

const said = ({ callFirstAt, quietAt }: Wishes) => ({
  callFirst: callFirstAt !== undefined,
  quiet: quietAt !== undefined,
});

async function wishesOf(tx: Tx, { record, organisation }: PatientSide) {
  return {
    organisation,
    own: said(await findWishesOfRecord(tx, record.id)),
    /** As any trust has it: the most careful counts everywhere. */
    counts: said(await findWishes(tx, record.patientId)),
  };
}
const shown = ({ own, counts }: Awaited<ReturnType<typeof wishesOf>>) => ({ own, counts });

/** What a patient asked of every link: as one's own trust wrote it down, and as it counts. @throws {NotFound} `PATIENT_NOT_FOUND` */
export const readWishes = defineAction({
  name: "consent.read-wishes",
  input: z.object({ patientId: z.uuid() }),
  policy: mayServe,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  run: (tx, _input, side) => wishesOf(tx, side),
  after: async (_ctx, done) => shown(done),
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({
      patientId,
      ...(done ? { custodian: done.organisation } : {}),
      detail: { act: "wishes" },
    }),
  },
});

const YesNo = z.enum(["yes", "no"]).optional();

/**
 * "Call me first", and quiet mode: nothing is sent, links are handed over in person (clinical page §13). What isn't named stays as it is:
 * whoever writes down one wish never writes over the other.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 */
export const setWishes = defineAction({
  name: "consent.set-wishes",
  input: z.object({ patientId: z.uuid(), callFirst: YesNo, quiet: YesNo }),
  policy: mayServe,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  async run(tx, { callFirst, quiet }, side) {
    await writeWishes(tx, ofRecord(side), { callFirst, quiet });
    return wishesOf(tx, side);
  },
  after: async (_ctx, done) => shown(done),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ patientId, callFirst, quiet }, done) => ({
      patientId,
      ...(done ? { custodian: done.organisation } : {}),
      detail: { ...(callFirst ? { callFirst } : {}), ...(quiet ? { quiet } : {}) },
    }),
  },
});
