import { z } from "zod";
import { emailOf, namesOf } from "../identity/index.ts";
import { defineAction, Invalid, NotFound, type Tx } from "../kernel/index.ts";
import { endAsks, findAsk, findAsksOf, insertAsk, noteSaid, remindOf } from "./ask.store.ts";
import { findCasesByIds } from "./case.store.ts";
import { ASPECTS } from "./case.ts";
import { gather } from "./gather.ts";
import { mayAnswer, mayListFor, mayListOwn } from "./mdt.policy.ts";
import { findMeetingsByIds } from "./meeting.store.ts";
import { caseFacts } from "./meeting-facts.ts";
import { noteUntold, tellSoon } from "./tell.store.ts";

/** Who was asked again before so long is left alone. */
const REMIND_AFTER_MS = 15 * 60_000;

const noSuchAsk = () => new NotFound("ASK_NOT_FOUND", "There is no such request any more.");

const askFacts = async (tx: Tx, askId: string) => {
  const ask = await findAsk(tx, askId);
  if (!ask) throw noSuchAsk();
  return { ...(await caseFacts(tx, ask.caseId)), ask };
};

/** By the notifier, too. Where nobody knows an address, whoever asks hears it at once. */
async function tell(tx: Tx, askId: string, personId: string): Promise<void> {
  if (await emailOf(tx, personId)) await tellSoon(tx, askId);
  else await noteUntold(tx, [askId], "NO_ADDRESS");
}

/**
 * Asks who can act for what is missing: a member of the meeting, who sees it in their portal and is told of it by e-mail, or
 * somebody in words, who was rung.
 *
 * @throws {NotFound} `CASE_NOT_FOUND` @throws {Invalid} `NOT_A_MEMBER`
 */
export const askFor = defineAction({
  name: "mdt.ask-for",
  input: z.object({
    caseId: z.uuid(),
    about: z.enum([...ASPECTS, "other"]),
    requirementId: z.uuid().nullish(),
    askedOfId: z.string().max(120).nullish(),
    askedOf: z.string().trim().max(120).default(""),
    words: z.string().trim().max(1000).default(""),
  }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { about, requirementId, askedOfId, askedOf, words }, { found, members }) {
    if (askedOfId && !members.some(({ personId }) => personId === askedOfId))
      throw new Invalid(
        "NOT_A_MEMBER",
        "Only members of the meeting can be asked here. Name anybody else in words.",
      );
    const name = askedOfId ? (await namesOf(tx, [askedOfId])).get(askedOfId) : askedOf;
    if (!name) throw new Invalid("NOBODY_ASKED", "Say who was asked.");
    const ask = {
      about,
      words,
      askedOf: name,
      requirementId: requirementId ?? undefined,
      askedOfId: askedOfId ?? undefined,
    };
    const askId = await insertAsk(tx, found, ask);
    if (askedOfId) await tell(tx, askId, askedOfId);
    return { askId, patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, about }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, about, askId: done?.askId ?? null },
    }),
  },
});

/** Reminds who was asked, at most once in a quarter of an hour, or takes the request back. */
export const followUp = defineAction({
  name: "mdt.follow-up",
  input: z.object({ askId: z.uuid(), what: z.enum(["remind", "withdraw"]) }),
  policy: mayListFor,
  load: (tx, { askId }) => askFacts(tx, askId),
  async run(tx, { askId, what }, { ask, found }) {
    const last = ask.remindedAt ?? ask.askedAt;
    if (what === "withdraw") await endAsks(tx, [askId], "withdrawn");
    else if (tx.now.getTime() - last.getTime() < REMIND_AFTER_MS)
      throw new Invalid("REMINDED_JUST_NOW", "They were asked less than a quarter of an hour ago.");
    else {
      await remindOf(tx, askId);
      if (ask.askedOfId) await tell(tx, askId, ask.askedOfId);
    }
    return { patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ askId, what }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { askId, what },
    }),
  },
});

/** What whoever was asked says to it. It stands beside what is missing; only what is there makes it green. */
export const answerAsk = defineAction({
  name: "mdt.answer-ask",
  input: z.object({ askId: z.uuid(), said: z.string().trim().min(1).max(400) }),
  policy: mayAnswer,
  absent: noSuchAsk,
  async load(tx, { askId }) {
    const facts = await askFacts(tx, askId);
    return { ...facts, askedOfId: facts.ask.askedOfId };
  },
  async run(tx, { askId, said }, { found }) {
    await noteSaid(tx, askId, said);
    return { patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ askId }, done) => ({ ...(done ? { patientId: done.patientId } : {}), detail: { askId } }),
  },
});

/** What one is asked, of meetings to come, with who asks and when the list closes. Whom a restricted case is about isn't said. */
export const listAsked = defineAction({
  name: "mdt.list-asked",
  input: z.object({}),
  policy: mayListOwn,
  load: async () => null,
  async run(tx) {
    const asks = await findAsksOf(tx, tx.actor.id);
    const cases = await findCasesByIds(tx, [...new Set(asks.map(({ caseId }) => caseId))]);
    const known = await findMeetingsByIds(
      tx,
      cases.map(({ meetingId }) => meetingId),
    );
    const { cases: gathered } = await gather(tx, cases, known);
    const names = await namesOf(
      tx,
      asks.map(({ askedBy }) => askedBy),
    );
    return asks.flatMap(({ askedAt, remindedAt, saidAt: _, told: _told, ...ask }) => {
      const one = gathered.find(({ found }) => found.id === ask.caseId);
      const meeting = known.find(({ id }) => id === one?.found.meetingId);
      if (!one || !meeting) return [];
      return [
        {
          ...ask,
          askedAt: askedAt.toISOString(),
          remindedAt: remindedAt?.toISOString(),
          askedByName: names.get(ask.askedBy) ?? ask.askedBy,
          patientId: one.found.patientId,
          identity: one.identity,
          meeting: { name: meeting.name, heldOn: meeting.heldOn, cutOffAt: meeting.cutOffAt.toISOString() },
        },
      ];
    });
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { asks: done?.length ?? 0 } }),
  },
});
