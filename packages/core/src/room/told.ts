import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findStanding, noSuchCase, patientTo } from "../mdt/index.ts";
import { findRecordsOfPatients } from "../patient/index.ts";
import { findTellingOf, findTold, setAcknowledged } from "./outcome.store.ts";
import { isTheirs, mayListOwnRoom } from "./room.policy.ts";

const MOST = 100;

/** What changed under outcomes that one answers for, until one has acknowledged it. */
export const listTold = defineAction({
  name: "room.list-told",
  input: z.object({}),
  policy: mayListOwnRoom,
  load: async () => null,
  async run(tx) {
    const found = await findTold(tx, tx.actor.id, MOST);
    const patientIds = found.map(({ patientId }) => patientId);
    const standing = new Map((await findStanding(tx, patientIds)).map((one) => [one.patientId, one]));
    const records = await findRecordsOfPatients(tx, [...new Set(patientIds)]);
    return {
      told: found.map(({ patientId, actOf, id: changeId, foundAt, ...one }) => ({
        ...one,
        changeId,
        foundAt: foundAt.toISOString(),
        patient:
          patientTo(tx, { actOf }, standing.get(patientId)) === "open"
            ? records.find((record) => record.patientId === patientId)?.identity
            : undefined,
      })),
    };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { told: done?.told.length ?? 0 } }),
  },
});

export const acknowledgeTold = defineAction({
  name: "room.acknowledge-told",
  input: z.object({ changeId: z.uuid() }),
  policy: isTheirs,
  absent: noSuchCase,
  async load(tx, { changeId }) {
    const telling = await findTellingOf(tx, changeId);
    return { personId: telling?.personId, patientId: telling?.outcome.patientId };
  },
  async run(tx, { changeId }, { patientId }) {
    await setAcknowledged(tx, changeId);
    return { patientId };
  },
  after: async () => ({ isAcknowledged: true as const }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ changeId }, done) => ({
      ...(done?.patientId ? { patientId: done.patientId } : {}),
      detail: { changeId },
    }),
  },
});
