import { z } from "zod";
import { Conflict, defineAction, type Tx } from "../kernel/index.ts";
import { newCodeId, writeCode } from "./code.store.ts";
import { isHeld } from "./is-held.ts";
import { writeToken } from "./link.store.ts";
import { type Link, stateOf } from "./link.ts";
import { dropMessages } from "./message.store.ts";
import { mayServe } from "./staff.policy.ts";
import { linkSide, noSuchLink } from "./staff-facts.ts";
import { hashOf, mintCode, mintSecret, proofOf } from "./token.ts";

/** A code on paper is used at home, not at the desk. */
const PAPER_CODE_DAYS = 7;

/** A link that is over, or of which anything is held, is given to nobody. */
export async function checkDeliverable(tx: Tx, link: Link): Promise<void> {
  if (stateOf(link, tx.now) === "ended" || stateOf(link, tx.now) === "expired")
    throw new Conflict("LINK_OVER", "This link is over. Make another.");
  if (await isHeld(tx, link))
    throw new Conflict("LINK_HELD", "Some of this waits for its release. The link goes once all of it may.");
}

/** With a contact the code goes there when it is asked for; with none it is handed over beside the link. */
async function paperCode(tx: Tx, link: Link, token: string): Promise<string | undefined> {
  if (link.contactId) return undefined;
  const [id, code] = [newCodeId(), mintCode()];
  const days = PAPER_CODE_DAYS;
  await writeCode(tx, link, {
    id,
    proof: proofOf(token, id, code),
    tokenHash: hashOf(token),
    minutes: days * 1440,
  });
  return code;
}

/**
 * Hands a link over in person: its address, this once, for a QR code. What was handed over or sent before opens nothing more.
 *
 * @throws {NotFound} `LINK_NOT_FOUND` @throws {Conflict} `LINK_OVER`, `LINK_HELD`
 */
export const handOver = defineAction({
  name: "consent.hand-over",
  input: z.object({ linkId: z.uuid() }),
  policy: mayServe,
  absent: noSuchLink,
  load: (tx, { linkId }) => linkSide(tx, linkId),
  async run(tx, _input, { link }) {
    await checkDeliverable(tx, link);
    const token = mintSecret();
    await writeToken(tx, link, hashOf(token));
    await dropMessages(tx, { linkId: link.id });
    return { link, token, code: await paperCode(tx, link, token) };
  },
  after: async (_ctx, { token, code }) => ({ token, code }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ linkId }, done) => ({
      ...(done ? { patientId: done.link.patientId, custodian: done.link.organisation } : {}),
      detail: { linkId, act: "handed-over" },
    }),
  },
});
