import { z } from "zod";
import * as Identity from "../identity/index.ts";
import { defineAction, organisationOf } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findFlags } from "./flag.store.ts";
import { mayReview } from "./review.policy.ts";
import { STATING_RULES, Stating } from "./statements.ts";
import { RULES } from "./unusual.ts";

const MOST = 200;
const SAYS = new Map(RULES.map(({ code, says }) => [code, says]));
const WORDS = new Map(STATING_RULES.map(({ code, says }) => [code, says]));

/** Why a rule found something, in words; with its numbers, where it counted. */
function reasonOf(code: string, detail: unknown): string {
  const counted = Stating.safeParse(detail);
  return (counted.success ? WORDS.get(code)?.(counted.data) : undefined) ?? SAYS.get(code) ?? code;
}

/** Looks that a rule found unusual, each with its reasons: of this trust's staff, and at what this trust holds. */
export const listFlags = defineAction({
  name: "review.list-flags",
  purpose: "audit",
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
      flags: found.map(({ day, raisedAt, reviewedAt, rules, detail, ...flag }) => ({
        ...flag,
        name: names.get(flag.personId),
        day: day.toISOString().slice(0, 10),
        raisedAt: raisedAt.toISOString(),
        reviewedAt: reviewedAt?.toISOString(),
        reasons: rules.map((code) => ({ code, says: reasonOf(code, detail) })),
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
