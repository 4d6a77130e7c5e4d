import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { mayImportOutside } from "./ingest.policy.ts";
import { findOutsideWaiting } from "./outside.store.ts";

/**
 * The sender's own discs that name somebody else than the patient who was chosen: both identities, side by side, one line
 * for each identity that a disc states (clinical page §20).
 */
export const listOutside = defineAction({
  name: "ingest.list-outside",
  input: z.object({}),
  policy: mayImportOutside,
  load: async () => null,
  async run(tx) {
    const custodian = organisationOf(tx.actor) ?? "";
    const waiting = await findOutsideWaiting(tx, custodian);
    const records = await Patient.findRecordsByIds(tx, [
      ...new Set(waiting.map(({ patientRecordId }) => patientRecordId)),
    ]);
    const chosenOf = new Map(records.map((record) => [record.id, record.identity]));
    const discs = waiting.flatMap(({ patientRecordId, identity, since, ...disc }) => {
      const chosen = chosenOf.get(patientRecordId);
      const { name, localNumber, birthDate, sex, nhsNumber, issuer } = identity;
      const said = { name, localNumber, birthDate, sex, nhsNumber, issuer };
      return chosen ? [{ ...disc, since: since.toISOString(), chosen, said }] : [];
    });
    return { custodian, discs };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) =>
      done ? { custodian: done.custodian, detail: { discs: done.discs.length } } : {},
  },
});
