import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import { dayIn, findStanding, patientTo, seriesFor } from "../mdt/index.ts";
import { findRecordsOfPatients } from "../patient/index.ts";
import { type ActionRow, countActions, findActionsOf, findOpenActions } from "./action.store.ts";
import { dueOf } from "./action.ts";
import { answersFor, mayListOwnRoom } from "./room.policy.ts";
import { roomsFacts } from "./room-facts.ts";

const MOST = 300;
/** What was done stays so long, to be taken back. */
const DONE_DAYS = 14;
const DAY = 86_400_000;

/** Each with whom it is about, where this reader may know it, and how it stands today where its meeting is held. */
async function shown(tx: Tx, rows: readonly ActionRow[]) {
  const patientIds = [...new Set(rows.map(({ patientId }) => patientId))];
  const standing = new Map((await findStanding(tx, patientIds)).map((one) => [one.patientId, one]));
  const records = await findRecordsOfPatients(tx, patientIds);
  const people = rows.flatMap(({ chased, ownerId }) => [chased?.by, ownerId]);
  const names = await namesOf(
    tx,
    people.filter((id) => id !== undefined),
  );
  return rows.map(({ patientId, patientRecordId, actOf, doneAt, chased, zone, ...row }) => {
    const own = records.filter((record) => record.patientId === patientId);
    const record = own.find(({ id }) => id === patientRecordId) ?? own[0];
    const isOpen = patientTo(tx, { actOf }, standing.get(patientId)) === "open";
    return {
      ...row,
      due: dueOf({ doneAt, dueOn: row.dueOn }, dayIn(zone, tx.now)),
      today: dayIn(zone, tx.now),
      doneAt: doneAt?.toISOString(),
      chased: chased && { ...chased, by: names.get(chased.by) ?? chased.by, at: chased.at.toISOString() },
      patient: isOpen ? record?.identity : undefined,
    };
  });
}

/** What meetings gave one to do, the soonest due first. */
export const listActions = defineAction({
  name: "room.list-actions",
  purpose: "direct-care",
  input: z.object({}),
  policy: mayListOwnRoom,
  load: async () => null,
  async run(tx) {
    const doneSince = new Date(tx.now.getTime() - DONE_DAYS * DAY);
    const rows = await findActionsOf(tx, tx.actor.id, { doneSince, most: MOST });
    return { actions: await shown(tx, rows), isCut: rows.length === MOST };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { actions: done?.actions.length ?? 0 } }),
  },
});

/** What isn't done of the meetings that one chairs or lists for, whoever is to do it. */
export const listOpenActions = defineAction({
  name: "room.list-open-actions",
  purpose: "direct-care",
  input: z.object({}),
  policy: mayListOwnRoom,
  load: async () => null,
  async run(tx) {
    const seriesIds = (await seriesFor(tx)).map(({ id }) => id);
    const found = await findOpenActions(tx, seriesIds, MOST);
    const rooms = await roomsFacts(
      tx,
      found.map(({ meetingId }) => meetingId),
    );
    const ours = found.filter(({ meetingId }) => {
      const room = rooms.get(meetingId);
      return room !== undefined && answersFor.decide(tx.actor, room).allowed;
    });
    return { actions: await shown(tx, ours), isCut: found.length === MOST };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { actions: done?.actions.length ?? 0 } }),
  },
});

/** How many one is to do: two numbers, and nobody in them. */
export const countOwnActions = defineAction({
  name: "room.count-actions",
  input: z.object({}),
  policy: mayListOwnRoom,
  load: async () => null,
  run: (tx) => countActions(tx, tx.actor.id, dayIn("Europe/London", tx.now)),
  audit: { how: "none" },
});
