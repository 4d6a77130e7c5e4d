import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import { findRecordsOfPatients } from "../patient/index.ts";
import { ownGlass } from "./glass.policy.ts";
import { endGlassNow, findGlass, findOwnGlass } from "./glass.store.ts";

/** What this person has open by broken glass, for the banner that stands on every page all the while. */
export const listOwnGlass = defineAction({
  name: "access.list-own-glass",
  input: z.object({}),
  policy: ownGlass,
  load: async () => ({ personId: undefined }),
  async run(tx) {
    const open = await findOwnGlass(tx);
    const records = await findRecordsOfPatients(
      tx,
      open.map(({ patientId }) => patientId),
    );
    return open.map(({ id, patientId, endsAt, reason }) => {
      const identity = records.find((record) => record.patientId === patientId)?.identity;
      return {
        glassId: id,
        patientId,
        reason,
        endsAt: endsAt.toISOString(),
        patient: identity && { family: identity.family, given: identity.given },
      };
    });
  },
  audit: { how: "none" },
});

/** Closes it before its time. */
export const endGlass = defineAction({
  name: "access.end-glass",
  input: z.object({ glassId: z.uuid() }),
  policy: ownGlass,
  async load(tx, { glassId }) {
    const glass = await findGlass(tx, glassId);
    if (!glass) throw new NotFound("GLASS_NOT_FOUND", "This access has ended already.");
    return { personId: glass.personId, patientId: glass.patientId };
  },
  async run(tx, { glassId }, { patientId }) {
    await endGlassNow(tx, glassId);
    return { patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ glassId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { glassId },
    }),
  },
});
