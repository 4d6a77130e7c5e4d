import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { Asking } from "./ask-code.ts";
import { findTries, lockToken, noteTry } from "./code.store.ts";
import { unconfirmContact } from "./contact.store.ts";
import { endLinks, findByAnyToken, findByToken } from "./link.store.ts";
import type { Link } from "./link.ts";
import { mayUseLink } from "./mine.policy.ts";
import { mineFacts, nothingHere } from "./mine-facts.ts";
import { systemOnly } from "./staff.policy.ts";
import { raiseTask } from "./task.store.ts";
import { hashOf } from "./token.ts";
import { noSooner } from "./uniform.ts";

/** It came to somebody else: it ends, its contact must be read back again, and who issued it hears of it. */
async function endAsWrong(tx: Tx, link: Link): Promise<void> {
  await endLinks(tx, { id: link.id }, { by: tx.actor.id, why: "not-me" });
  if (link.contactId) await unconfirmContact(tx, link.contactId);
  await raiseTask(tx, {
    ...{ organisation: link.organisation, kind: "not-me", forWhom: link.issuedBy },
    ...{ patientId: link.patientId, linkId: link.id },
  });
}

const rowOf = (link: Link | undefined, act: string) =>
  link
    ? { patientId: link.patientId, custodian: link.organisation, detail: { linkId: link.id, act } }
    : { detail: { linkId: null, act } };

/** "This isn't me", once it is open. */
export const notMe = defineAction({
  name: "consent.not-me",
  admits: "patients",
  input: z.object({}),
  policy: mayUseLink,
  absent: nothingHere,
  load: (tx) => mineFacts(tx),
  async run(tx, _input, { link }) {
    await endAsWrong(tx, link);
    return link;
  },
  after: async () => ({ ended: true }),
  audit: { how: "each", verb: "changed", subjects: (_input, done) => rowOf(done, "not-me") },
});

/** The same before any code: whoever holds a link may end it, and learns nothing by it. */
export const notMine = defineAction({
  name: "consent.not-mine",
  input: Asking,
  policy: systemOnly,
  load: async () => ({ since: Date.now() }),
  async run(tx, { token }, { since }) {
    const link = await findByToken(tx, hashOf(token));
    if (link && !link.endedAt) await endAsWrong(tx, link);
    return { since, link };
  },
  async after(_ctx, { since }) {
    await noSooner(since, Promise.resolve());
    return { ended: true };
  },
  audit: { how: "each", verb: "changed", subjects: (_input, done) => rowOf(done?.link, "not-mine") },
});

const ASKED_FROM_ADDRESS = 20;

/** Asks who issued a link for a new one: of a link that is locked, over or replaced. Always the same answer. */
export const askNewLink = defineAction({
  name: "consent.ask-new-link",
  input: Asking,
  policy: systemOnly,
  load: async () => ({ since: Date.now() }),
  async run(tx, { token, address }, { since }) {
    const tokenHash = hashOf(token);
    await lockToken(tx, tokenHash);
    const link = await findByAnyToken(tx, tokenHash);
    const one = { tokenHash, address, link };
    const { askedFromAddressInHour } = await findTries(tx, one);
    await noteTry(tx, one, "new-link-asked");
    if (link && askedFromAddressInHour < ASKED_FROM_ADDRESS)
      await raiseTask(tx, {
        ...{ organisation: link.organisation, kind: "new-link", forWhom: link.issuedBy },
        ...{ patientId: link.patientId, linkId: link.id },
      });
    return { since, link };
  },
  async after(_ctx, { since }) {
    await noSooner(since, Promise.resolve());
    return { asked: true };
  },
  audit: { how: "each", verb: "told", subjects: (_input, done) => rowOf(done?.link, "new-link-asked") },
});
