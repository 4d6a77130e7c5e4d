import { z } from "zod";
import { Conflict, defineAction, Invalid, NotFound, organisationOf } from "../kernel/index.ts";
import { findRecordsOfPatients } from "../patient/index.ts";
import { mayReviewGlass } from "./glass.policy.ts";
import { countWaiting, findGlass, findGlassOf, type GlassRow, writeOutcome } from "./glass.store.ts";
import { GLASS_OUTCOMES } from "./glass.ts";

const MOST = 200;

const shape = ({ startedAt, endsAt, reviewedAt, outcome, outcomeWords, reviewedBy, ...row }: GlassRow) => ({
  ...row,
  startedAt: startedAt.toISOString(),
  endsAt: endsAt.toISOString(),
  review:
    outcome && reviewedAt
      ? { outcome, words: outcomeWords ?? "", by: reviewedBy ?? "", at: reviewedAt.toISOString() }
      : undefined,
});

/** What waits for the privacy officer's review, the doubtful first; or what was reviewed, the newest first. */
export const listGlass = defineAction({
  name: "access.list-glass",
  purpose: "audit",
  input: z.object({ isReviewed: z.boolean().default(false) }),
  policy: mayReviewGlass,
  load: async (tx) => ({ organisations: [organisationOf(tx.actor) ?? ""], personId: undefined }),
  async run(tx, { isReviewed }) {
    const found = await findGlassOf(tx, organisationOf(tx.actor) ?? "", isReviewed, MOST + 1);
    const rows = found.slice(0, MOST);
    const records = await findRecordsOfPatients(
      tx,
      rows.map(({ patientId }) => patientId),
    );
    const identityOf = (patientId: string) =>
      records.find((record) => record.patientId === patientId)?.identity;
    return {
      rows: rows.map((row) => ({ ...shape(row), patient: identityOf(row.patientId) })),
      isCut: found.length > MOST,
    };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { rows: done?.rows.length ?? 0 } }),
  },
});

/** How many wait: what a privacy officer's page asks every few seconds, so that they are told at once. */
export const countGlass = defineAction({
  name: "access.count-glass",
  purpose: "audit",
  input: z.object({}),
  policy: mayReviewGlass,
  load: async (tx) => ({ organisations: [organisationOf(tx.actor) ?? ""], personId: undefined }),
  run: async (tx) => ({ waiting: await countWaiting(tx, organisationOf(tx.actor) ?? "") }),
  audit: { how: "none" },
});

/**
 * @throws {NotFound} `GLASS_NOT_FOUND`
 * @throws {Conflict} `ALREADY_REVIEWED`
 * @throws {Invalid} `OUTCOME_NEEDS_WORDS`
 */
export const reviewGlass = defineAction({
  name: "access.review-glass",
  purpose: "audit",
  input: z.object({
    glassId: z.uuid(),
    outcome: z.enum(GLASS_OUTCOMES),
    words: z.string().trim().max(1000).default(""),
  }),
  policy: mayReviewGlass,
  async load(tx, { glassId }) {
    const glass = await findGlass(tx, glassId);
    if (!glass) throw new NotFound("GLASS_NOT_FOUND", "There is no such access.");
    return { organisations: [glass.organisation], personId: glass.personId, glass };
  },
  async run(tx, { glassId, outcome, words }, { glass }) {
    if (glass.outcome)
      throw new Conflict("ALREADY_REVIEWED", "This was reviewed already. Load the list again.");
    if (outcome !== "justified" && words.length < 10)
      throw new Invalid("OUTCOME_NEEDS_WORDS", "Say in a few words what follows: ten letters or more.");
    await writeOutcome(tx, glassId, outcome, words);
    return { patientId: glass.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ glassId, outcome }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { glassId, outcome },
    }),
  },
});
