import { z } from "zod";
import { emailOf } from "../identity/index.ts";
import { type AuditSubject, type Ctx, defineAction, type Tx, WealdError } from "../kernel/index.ts";
import { againAt, MOST_TRIES, type Notice } from "../ports/index.ts";
import { answeredBy } from "./answered-by.ts";
import { endAsks } from "./ask.store.ts";
import type { Untold } from "./ask-told.ts";
import { askedLetter } from "./asked-letter.ts";
import { findCasesByIds } from "./case.store.ts";
import type { MeetingCase } from "./case.ts";
import { gather } from "./gather.ts";
import { maySystem } from "./mdt.policy.ts";
import { findMeetingsByIds, findMembers } from "./meeting.store.ts";
import type { Meeting } from "./meeting.ts";
import {
  type Claimed,
  claimAsks,
  findClaimed,
  findDuePeople,
  keepClaimed,
  noteNotTold,
  noteTold,
  noteUntold,
  stopTelling,
} from "./tell.store.ts";

/** People at a time: each waits for the notifier. */
const ROUND = 50;

type Asked = Claimed & { found: MeetingCase; meeting: Meeting };

const idsOf = (asks: readonly { askId: string }[]) => asks.map(({ askId }) => askId);

async function withMeetings(tx: Tx, claimed: readonly Claimed[]): Promise<Asked[]> {
  const cases = await findCasesByIds(tx, [...new Set(claimed.map(({ caseId }) => caseId))]);
  const meetings = await findMeetingsByIds(tx, [...new Set(cases.map(({ meetingId }) => meetingId))]);
  return claimed.flatMap((one) => {
    const found = cases.find(({ id }) => id === one.caseId);
    const meeting = meetings.find(({ id }) => id === found?.meetingId);
    return found && meeting ? [{ ...one, found, meeting }] : [];
  });
}

const isAhead = ({ found, meeting }: Asked, now: Date) =>
  found.state === "listed" && meeting.state !== "cancelled" && meeting.endsAt > now;

/** Nobody is told of what is there meanwhile, also where no study told of it: a question that was written. */
async function endAnswered(tx: Tx, asks: readonly Asked[]): Promise<Asked[]> {
  const cases = [...new Map(asks.map(({ found }) => [found.id, found])).values()];
  const { cases: gathered } = await gather(
    tx,
    cases,
    asks.map(({ meeting }) => meeting),
  );
  const answered = new Set(gathered.flatMap(answeredBy));
  const ended = asks.filter(({ askId }) => answered.has(askId));
  if (ended.length > 0) await endAsks(tx, idsOf(ended), "no-longer-missing");
  return ended;
}

/** Who left since is told nothing of a meeting that isn't theirs any more. */
async function leftOf(tx: Tx, asks: readonly Asked[], personId: string): Promise<Asked[]> {
  const members = await findMembers(tx, [...new Set(asks.map(({ meeting }) => meeting.seriesId))]);
  return asks.filter(
    ({ meeting }) =>
      !members.some((member) => member.personId === personId && member.seriesId === meeting.seriesId),
  );
}

async function giveUp(tx: Tx, asks: readonly Asked[], why: Untold): Promise<void> {
  if (asks.length > 0) await noteUntold(tx, idsOf(asks), why);
}

const without = (asks: readonly Asked[], ...others: Asked[][]) =>
  asks.filter((ask) => !others.some((some) => some.includes(ask)));

type Sorted = { asks: Asked[]; ended: Asked[] };

/** Of what was claimed, what this person is still to be told of; the rest says beside each request why not. */
async function sortOut(tx: Tx, claimed: readonly Claimed[], personId: string): Promise<Sorted> {
  const all = await withMeetings(tx, claimed);
  const ahead = all.filter((ask) => isAhead(ask, tx.now));
  await stopTelling(tx, idsOf(without(all, ahead)));
  const ended = ahead.length > 0 ? await endAnswered(tx, ahead) : [];
  const left = await leftOf(tx, without(ahead, ended), personId);
  await giveUp(tx, left, "NOT_A_MEMBER");
  const missing = without(ahead, ended, left);
  const killed = missing.filter(({ tries }) => tries > MOST_TRIES);
  await giveUp(tx, killed, "NEVER_NOTED");
  return { asks: without(missing, killed), ended };
}

type Prepared = { notice: Notice | undefined; ended: Asked[] };

async function prepare(tx: Tx, personId: string): Promise<Prepared> {
  const messageId = await claimAsks(tx, personId);
  if (!messageId) return { notice: undefined, ended: [] };
  const { asks, ended } = await sortOut(tx, await findClaimed(tx, messageId), personId);
  const to = await emailOf(tx, personId);
  if (!to) await giveUp(tx, asks, "NO_ADDRESS");
  if (!to || asks.length === 0) return { notice: undefined, ended };
  await keepClaimed(tx, messageId, idsOf(asks));
  const meetings = asks.map(({ meeting }) => meeting);
  const notice: Notice = {
    ...{ channel: "email", to, template: "asked", page: "/meetings/asked" },
    ...{ personalisation: askedLetter(meetings, tx.now), reference: messageId },
  };
  return { notice, ended };
}

const subjectOf = ({ askId, found }: { askId: string; found: MeetingCase }, came: string): AuditSubject => ({
  ...{ patientId: found.patientId, custodian: found.organisation },
  detail: { askId, caseId: found.id, came },
});

const Came = z.enum(["sent"]).or(z.object({ code: z.string() }));

/** What became of one message, beside each request that it told of. */
const keepTold = defineAction({
  name: "mdt.keep-told",
  input: z.object({ messageId: z.uuid(), came: Came }),
  policy: maySystem,
  load: async () => null,
  async run(tx, { messageId, came }) {
    const asks = await withMeetings(tx, await findClaimed(tx, messageId));
    if (came === "sent") await noteTold(tx, messageId);
    else
      for (const tries of new Set(asks.map((ask) => ask.tries))) {
        const isOver = came.code === "NOTIFIER_REFUSED" || tries >= MOST_TRIES;
        const again = isOver ? undefined : againAt(tx.now, tries);
        await noteNotTold(tx, { tellMessageId: messageId, tries }, { code: came.code, again });
      }
    return asks;
  },
  audit: {
    how: "each",
    verb: "told",
    subjects: ({ messageId, came }, done) =>
      done?.map((ask) => subjectOf(ask, came === "sent" ? came : came.code)) ?? { detail: { messageId } },
  },
});

async function deliver(ctx: Ctx, notice: Notice): Promise<boolean> {
  const messageId = notice.reference;
  try {
    await ctx.service.ports.notifier.send(notice);
  } catch (error) {
    const code = error instanceof WealdError ? error.code : "INTERNAL";
    ctx.service.log({ level: "warn", event: "asked.not-told", messageId, code });
    await keepTold(ctx, { messageId, came: { code } });
    return false;
  }
  await keepTold(ctx, { messageId, came: "sent" });
  return true;
}

/** One message to one person: claimed, then sent, then noted. Killed in between it is sent again, and nothing is lost. */
const tellPerson = defineAction({
  name: "mdt.tell-person",
  input: z.object({ personId: z.string() }),
  policy: maySystem,
  load: async () => null,
  run: (tx, { personId }) => prepare(tx, personId),
  after: async (ctx, { notice }) => (notice ? deliver(ctx, notice) : false),
  audit: {
    how: "each",
    verb: "told",
    // What it tells of is on the record once it went.
    subjects: ({ personId }, done) =>
      done?.ended.map((ask) => subjectOf(ask, "no-longer-missing")) ?? { detail: { personId } },
  },
});

/** Tells members by the notifier of what they are asked, one message a person. One whose message fails keeps no other waiting. */
export const tellAsked = defineAction({
  name: "mdt.tell-asked",
  input: z.object({}),
  policy: maySystem,
  load: async () => null,
  run: (tx) => findDuePeople(tx, ROUND),
  async after(ctx, due) {
    let told = 0;
    const failures: unknown[] = [];
    for (const personId of due)
      await tellPerson(ctx, { personId }).then(
        (isTold) => {
          told += isTold ? 1 : 0;
        },
        (error: unknown) => failures.push(error),
      );
    if (failures.length > 0) throw failures[0];
    return { due: due.length, told };
  },
  audit: { how: "none" },
});
