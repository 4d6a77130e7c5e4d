import { z } from "zod";
import { type Ctx, defineAction, type Tx, WealdError } from "../kernel/index.ts";
import type { Notice } from "../ports/index.ts";
import { findTries, lockToken, newCodeId, noteTry, type Try, writeCode } from "./code.store.ts";
import { findContact } from "./contact.store.ts";
import { findByToken, findLink } from "./link.store.ts";
import { answersCodes, CODE_MINUTES, type Link } from "./link.ts";
import { maySend } from "./may-send.ts";
import { systemOnly } from "./staff.policy.ts";
import { raiseTask } from "./task.store.ts";
import { hashOf, mintCode, proofOf, TOKEN } from "./token.ts";
import { maySendCode } from "./tries.ts";
import { noSooner } from "./uniform.ts";

export const Asking = z.object({
  token: z.string().regex(TOKEN),
  /** From where it is asked, as the door knows it. */
  address: z.string().max(64).default("unknown"),
});

/** Where a link's codes go: to the contact on record, or to whom it was passed on. Nowhere where nothing may be sent. */
export async function placeOf(tx: Tx, link: Link): Promise<Pick<Notice, "channel" | "to"> | undefined> {
  const isTo = link.passedAddress ? "somebody-else" : "patient";
  if (!(await maySend(tx, link.patientId, isTo))) return undefined;
  if (link.passedAddress) return { channel: "email", to: link.passedAddress };
  const contact = link.contactId ? await findContact(tx, link.contactId) : undefined;
  return contact && { channel: contact.channel, to: contact.address };
}

async function makeCode(tx: Tx, token: string, link: Link): Promise<Notice | undefined> {
  const place = await placeOf(tx, link);
  if (!place) return undefined;
  const [id, code] = [newCodeId(), mintCode()];
  await writeCode(tx, link, { id, proof: proofOf(token, id, code), tokenHash: hashOf(token) });
  const personalisation = { code, minutes: String(CODE_MINUTES) };
  return { ...place, template: "code", personalisation, reference: id };
}

/** One that can't be delivered is told to who issued the link; who asked learns nothing by it. */
const tellNotDelivered = defineAction({
  name: "consent.tell-not-delivered",
  input: z.object({ linkId: z.uuid() }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { linkId }) {
    const link = await findLink(tx, linkId);
    if (link)
      await raiseTask(tx, {
        ...{ organisation: link.organisation, kind: "not-delivered", forWhom: link.issuedBy },
        ...{ patientId: link.patientId, linkId },
      });
  },
  audit: { how: "none" },
});

async function send(ctx: Ctx, linkId: string, notice: Notice): Promise<void> {
  try {
    await ctx.service.ports.notifier.send(notice);
  } catch (error) {
    const code = error instanceof WealdError ? error.code : "INTERNAL";
    ctx.service.log({ level: "warn", event: "link.code-not-sent", linkId, code });
    if (code === "NOTIFIER_REFUSED") await tellNotDelivered(ctx, { linkId });
  }
}

/**
 * Asks for a one-time code. Always the same answer, in the same time: a link that isn't one, is over or is locked looks like any other
 * until the code is there (clinical page §18).
 */
export const askCode = defineAction({
  name: "consent.ask-code",
  input: Asking,
  policy: systemOnly,
  load: async () => ({ since: Date.now() }),
  async run(tx, { token, address }, { since }) {
    const tokenHash = hashOf(token);
    await lockToken(tx, tokenHash);
    const link = await findByToken(tx, tokenHash);
    const one: Try = { tokenHash, address, link };
    const isSent = maySendCode(await findTries(tx, one), tx.now);
    await noteTry(tx, one, "code-asked");
    const notice = isSent && link && answersCodes(link, tx.now) ? await makeCode(tx, token, link) : undefined;
    return { since, link, notice };
  },
  async after(ctx, { since, link, notice }) {
    const answer = { minutes: CODE_MINUTES };
    return noSooner(since, link && notice ? send(ctx, link.id, notice) : Promise.resolve()).then(
      () => answer,
    );
  },
  audit: {
    how: "each",
    verb: "told",
    subjects: (_input, done) => ({
      ...(done?.link ? { patientId: done.link.patientId, custodian: done.link.organisation } : {}),
      detail: { linkId: done?.link?.id ?? null, isSent: done?.notice !== undefined },
    }),
  },
});
