import { z } from "zod";
import * as Identity from "../identity/index.ts";
import { defineAction, organisationOf } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findFlags } from "./flag.store.ts";
import { mayReview } from "./review.policy.ts";
import { RULES } from "./unusual.ts";

const MOST = 200;
const SAYS = new Map(RULES.map(({ code, says }) => [code, says]));

/** Looks that a rule found unusual, each with its reasons: of this trust's staff, and at what this trust holds. */
export const listFlags = defineAction({
  name: "review.list-flags",
  input: z.object({}),
  policy: mayReview,
  load: async () => null,
  async run(tx) {
    const trust = organisationOf(tx.actor) ?? "";
    const found = await findFlags(tx, trust, MOST);
    const records = await Patient.findRecordsOfPatients(tx, [
      ...new Set(found.map(({ patientId }) => patientId)),
    ]);
    const names = await Identity.namesOf(
      tx,
      found.map(({ personId }) => personId),
    );
    return {
      flags: found.map(({ day, raisedAt, reviewedAt, rules, ...flag }) => ({
        ...flag,
        name: names.get(flag.personId),
        day: day.toISOString().slice(0, 10),
        raisedAt: raisedAt.toISOString(),
        reviewedAt: reviewedAt?.toISOString(),
        reasons: rules.map((code) => ({ code, says: SAYS.get(code) ?? code })),
        patient: records.find((record) => record.custodian === trust && record.patientId === flag.patientId)
          ?.identity,
      })),
    };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { flags: done?.flags.length ?? 0 } }),
  },
});
