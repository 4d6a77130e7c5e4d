import { z } from "zod";
import { Conflict, defineAction, type Tx } from "../kernel/index.ts";
import { findContact, isShared } from "./contact.store.ts";
import { asksAgain } from "./contact.ts";
import { type Link, stateOf } from "./link.ts";
import { dropMessages, enqueueMessage } from "./message.store.ts";
import { findWishes } from "./release.store.ts";
import { mayServe } from "./staff.policy.ts";
import { linkSide, noSuchLink } from "./staff-facts.ts";

async function checkSendable(tx: Tx, link: Link): Promise<void> {
  const state = stateOf(link, tx.now);
  if (state === "ended" || state === "expired")
    throw new Conflict("LINK_OVER", "This link is over. Make another.");
  if ((await findWishes(tx, link.patientId)).quietAt)
    throw new Conflict("QUIET_MODE", "Nothing is sent to this patient. Hand the link over in person.");
  if (link.passedAddress) return;
  const contact = link.contactId ? await findContact(tx, link.contactId) : undefined;
  if (!contact) throw new Conflict("CONTACT_ENDED", "Where this link went was taken back. Make another.");
  const shared = (await isShared(tx, contact)) ? "shared" : "their-own";
  if (asksAgain(contact, shared, tx.now))
    throw new Conflict("CONTACT_TO_CONFIRM", "Read this contact back to whom it belongs once more.");
}

/**
 * Sends a link once more: what went out before opens nothing from the moment that it goes, and wrong tries are forgotten.
 *
 * @throws {NotFound} `LINK_NOT_FOUND` @throws {Conflict} `LINK_OVER`, `QUIET_MODE`, `CONTACT_ENDED`, `CONTACT_TO_CONFIRM`
 */
export const resend = defineAction({
  name: "consent.resend",
  input: z.object({ linkId: z.uuid(), isUrgent: z.boolean().default(false) }),
  policy: mayServe,
  absent: noSuchLink,
  load: (tx, { linkId }) => linkSide(tx, linkId),
  async run(tx, { linkId, isUrgent }, { link }) {
    await checkSendable(tx, link);
    await dropMessages(tx, { linkId });
    const { organisation, patientId, contactId } = link;
    const template = link.recipient === "passed-on" ? "passed-on" : "link";
    await enqueueMessage(tx, {
      ...{ organisation, patientId, linkId, template, isUrgent },
      ...(contactId ? { contactId } : {}),
    });
    return link;
  },
  after: async (_ctx, { id }) => ({ linkId: id }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ linkId }, done) => ({
      ...(done ? { patientId: done.patientId, custodian: done.organisation } : {}),
      detail: { linkId, act: "resent" },
    }),
  },
});
