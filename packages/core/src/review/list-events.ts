import * as Audit from "../audit/index.ts";
import * as Identity from "../identity/index.ts";
import { defineAction, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { AskedEvents, filterOf } from "./asked-events.ts";
import { mayReview } from "./review.policy.ts";

const PAGE = 50;

/** An event as a page shows it. */
export type ShownEvent = Omit<Audit.AuditRecord, "at" | "detail"> & {
  at: string;
  detail: string | undefined;
};

const shown = ({ at, detail, ...row }: Audit.AuditRecord): ShownEvent => ({
  ...row,
  at: at.toISOString(),
  detail: detail ? JSON.stringify(detail) : undefined,
});

/** What the people are called, by id, as far as they have signed in here. */
async function namesOf(tx: Tx, events: readonly Audit.AuditRecord[]): Promise<Record<string, string>> {
  const people = events.filter(({ actorKind }) => actorKind === "person").map(({ actorId }) => actorId);
  return Object.fromEntries(await Identity.namesOf(tx, people));
}

/** Who the patients of these events are, as this trust knows them; of those it doesn't hold, only an id is shown. */
async function ownRecords(tx: Tx, events: readonly Audit.AuditRecord[], trust: string) {
  const ids = [...new Set(events.flatMap(({ patientId }) => (patientId ? [patientId] : [])))];
  const records = await Patient.findRecordsOfPatients(tx, ids);
  return records.filter(({ custodian }) => custodian === trust).map(({ identity }) => identity);
}

/**
 * Who looked: by patient, by person, by time, by what came of it; newest first, in pages of 50. The officer of a trust sees
 * what happened to what it holds and what its staff did. The asking is on the audit too.
 *
 * @throws {Invalid} `NHS_NUMBER_INVALID`
 */
export const listEvents = defineAction({
  name: "review.list-events",
  purpose: "audit",
  input: AskedEvents,
  policy: mayReview,
  load: async () => null,
  async run(tx, asked) {
    const trust = organisationOf(tx.actor) ?? "";
    const filter = await filterOf(tx, asked, trust);
    const found = await Audit.findEvents(tx, filter, PAGE + 1);
    const events = found.slice(0, PAGE);
    const last = events.at(-1);
    return {
      events: events.map(shown),
      patients: await ownRecords(tx, events, trust),
      names: await namesOf(tx, events),
      next: found.length > PAGE && last ? { at: last.at.toISOString(), id: last.id } : undefined,
      patientIds: filter.patientIds,
    };
  },
  after: async (_ctx, { events, patients, names, next }) => ({ events, patients, names, next }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ of, verb, outcome }, done) => {
      const detail = {
        of: of.by,
        verb: verb ?? null,
        outcome: outcome ?? null,
        rows: done?.events.length ?? 0,
      };
      const [patientId] = done?.patientIds ?? [];
      return patientId ? { patientId, detail } : { detail };
    },
  },
});
