import { z } from "zod";
import { type Ctx, defineAction, type Tx, WealdError } from "../kernel/index.ts";
import * as Organisation from "../organisation/index.ts";
import { againAt, MOST_TRIES, type Notice } from "../ports/index.ts";
import { placeOf } from "./ask-code.ts";
import { findContact } from "./contact.store.ts";
import { isHeld } from "./is-held.ts";
import { findLink, writeToken } from "./link.store.ts";
import { type Link, stateOf } from "./link.ts";
import { maySend } from "./may-send.ts";
import {
  claimMessage,
  dropMessages,
  findDueMessages,
  type Message,
  noteFailed,
  noteSent,
  postpone,
} from "./message.store.ts";
import { systemOnly } from "./staff.policy.ts";
import { raiseTask } from "./task.store.ts";
import { hashOf, mintSecret } from "./token.ts";
import { mayLeaveFrom } from "./working-hours.ts";

const ROUND = 50;
const CLAIMED_MS = 5 * 60_000;
/** What is held is looked at again so often. */
const HELD_MS = 10 * 60_000;

const LONDON = { timeZone: "Europe/London", day: "numeric", month: "long", year: "numeric" } as const;
const dayOf = (at: Date) => at.toLocaleDateString("en-GB", LONDON);

const nameOf = async (tx: Tx, odsCode: string) =>
  (await Organisation.readOrganisations(tx)).find((one) => one.odsCode === odsCode)?.name ?? "";

type Prepared = { notice: Notice; message: Message };

/** The token is made here, where it is sent, and nowhere written but as its hash. */
async function prepareLink(tx: Tx, message: Message, link: Link): Promise<Prepared | undefined> {
  const place = await placeOf(tx, link);
  if (!place || stateOf(link, tx.now) === "ended" || stateOf(link, tx.now) === "expired") {
    await dropMessages(tx, { id: message.id });
    return undefined;
  }
  if (await isHeld(tx, link)) {
    await postpone(tx, message.id, new Date(tx.now.getTime() + HELD_MS));
    return undefined;
  }
  const token = mintSecret();
  await writeToken(tx, link, hashOf(token));
  const personalisation = { trust: await nameOf(tx, link.organisation), until: dayOf(link.endsAt) };
  return {
    message,
    notice: { ...place, template: message.template, token, personalisation, reference: message.id },
  };
}

async function prepareReview(tx: Tx, message: Message): Promise<Prepared | undefined> {
  const contact = message.contactId ? await findContact(tx, message.contactId) : undefined;
  if (!contact || !(await maySend(tx, message.patientId, "patient"))) {
    await dropMessages(tx, { id: message.id });
    return undefined;
  }
  const on = dayOf(new Date(message.dueAt.getTime() + 30 * 86_400_000));
  const personalisation = { trust: await nameOf(tx, message.organisation), on };
  const place = { channel: contact.channel, to: contact.address };
  return {
    message,
    notice: { ...place, template: "proxy-review", personalisation, reference: message.id },
  };
}

async function prepare(tx: Tx, id: string): Promise<Prepared | undefined> {
  const message = await claimMessage(tx, id, new Date(tx.now.getTime() + CLAIMED_MS));
  if (!message) return undefined;
  const from = message.isUrgent ? tx.now : mayLeaveFrom(tx.now);
  if (from > tx.now) {
    await postpone(tx, id, from);
    return undefined;
  }
  if (!message.linkId) return prepareReview(tx, message);
  const link = await findLink(tx, message.linkId);
  return link && prepareLink(tx, message, link);
}

const Came = z.union([z.object({ deliveredId: z.string() }), z.object({ code: z.string() })]);

/** What became of one message. One that can't be delivered is a task of who asked for it. */
const keepMessage = defineAction({
  name: "consent.keep-message",
  input: z.object({
    ...{ messageId: z.uuid(), organisation: z.string(), patientId: z.uuid(), linkId: z.uuid().optional() },
    ...{ madeBy: z.string(), tries: z.number().int(), came: Came },
  }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { messageId, organisation, patientId, linkId, madeBy, tries, came }) {
    if ("deliveredId" in came) return noteSent(tx, messageId, came.deliveredId);
    const isOver = came.code === "NOTIFIER_REFUSED" || tries + 1 >= MOST_TRIES;
    await noteFailed(tx, messageId, {
      code: came.code,
      again: isOver ? undefined : againAt(tx.now, tries + 1),
    });
    if (isOver)
      await raiseTask(tx, {
        ...{ organisation, kind: "not-delivered", forWhom: madeBy, patientId },
        ...(linkId ? { linkId } : {}),
      });
  },
  audit: {
    how: "each",
    verb: "told",
    subjects: ({ messageId, patientId, organisation, linkId, came }) => ({
      ...{ patientId, custodian: organisation },
      detail: { messageId, linkId: linkId ?? null, came: "code" in came ? came.code : "sent" },
    }),
  },
});

async function deliver(ctx: Ctx, { notice, message }: Prepared): Promise<void> {
  const { id: messageId, organisation, patientId, linkId, madeBy, tries } = message;
  const of = { messageId, organisation, patientId, linkId, madeBy, tries };
  try {
    const { deliveredId } = await ctx.service.ports.notifier.send(notice);
    await keepMessage(ctx, { ...of, came: { deliveredId } });
  } catch (error) {
    const code = error instanceof WealdError ? error.code : "INTERNAL";
    ctx.service.log({ level: "warn", event: "message.not-sent", messageId, code });
    await keepMessage(ctx, { ...of, came: { code } });
  }
}

/** One message, if it may leave now: minted, then sent, then noted. */
const sendOne = defineAction({
  name: "consent.send-message",
  input: z.object({ messageId: z.uuid() }),
  policy: systemOnly,
  load: async () => null,
  run: (tx, { messageId }) => prepare(tx, messageId),
  async after(ctx, prepared) {
    if (prepared) await deliver(ctx, prepared);
    return prepared !== undefined;
  },
  audit: { how: "none" },
});

/** Sends what is due: within working hours, what is released, and what was asked to go whatever the hour. */
export const sendMessages = defineAction({
  name: "consent.send-messages",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  run: (tx) => findDueMessages(tx, ROUND),
  async after(ctx, due) {
    let sent = 0;
    for (const messageId of due) if (await sendOne(ctx, { messageId })) sent += 1;
    return { due: due.length, sent };
  },
  audit: { how: "none" },
});
