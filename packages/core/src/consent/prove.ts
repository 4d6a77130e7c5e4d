import { z } from "zod";
import { defineAction, type Tx, WealdError } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { Asking } from "./ask-code.ts";
import { findCodes, findTries, lockToken, noteTry, spendCode, type Try } from "./code.store.ts";
import { findByToken, lockLink } from "./link.store.ts";
import { answersCodes, type Link, type LinkState, SESSION_HOURS, stateOf } from "./link.ts";
import { beginLinkSession, DEVICES } from "./link-session.store.ts";
import { systemOnly } from "./staff.policy.ts";
import { raiseTask } from "./task.store.ts";
import { hashOf, isSame, mintSecret, proofOf } from "./token.ts";
import { judgeTries, LOCK_AFTER } from "./tries.ts";
import { noSooner } from "./uniform.ts";

const SAYS = {
  CODE_WRONG: "That code isn't right, or its ten minutes are over. Look again, or ask for another.",
  TRY_LATER: "Too many tries. Wait 15 minutes, and then ask for another code.",
  LINK_LOCKED: "Too many tries: this link is locked, to keep your images safe. Ask for a new one.",
} as const;
export type Refusal = keyof typeof SAYS;

/** The same for a link that isn't one. */
class NotOpened extends WealdError {
  readonly kind = "forbidden";
  readonly code: Refusal;
  constructor(code: Refusal) {
    super(SAYS[code]);
    this.code = code;
  }
}

const Input = Asking.extend({
  code: z.string().regex(/^[0-9]{6}$/),
  /** In addition, where the link asks for it: YYYY-MM-DD. */
  birthDate: z.iso.date().optional(),
  device: z.enum(DEVICES),
  /** What the browser says of itself: a cookie in another one opens nothing. */
  agent: z.string().max(500),
});
type Input = z.output<typeof Input>;

type Came =
  | { came: "refused"; why: Refusal; link: Link | undefined }
  | { came: "asks-birth-date"; link: Link }
  | { came: "over"; state: LinkState; link: Link }
  | { came: "opened"; secret: string; sessionId: string; endsAt: Date; link: Link };

/** Every code that counts is compared, and without one something is: a token that is none takes as long. */
async function rightCode(tx: Tx, { token, code }: Input): Promise<string | undefined> {
  const codes = await findCodes(tx, hashOf(token));
  const tried = codes.length > 0 ? codes : [{ id: "none", proof: "" }];
  return tried.filter(({ id, proof }) => isSame(proofOf(token, id, code), proof)).map(({ id }) => id)[0];
}

async function isBorn(tx: Tx, link: Link, birthDate: string): Promise<boolean> {
  const [record] = await Patient.findRecordsByIds(tx, [link.patientRecordId]);
  return record?.identity.birthDate === birthDate;
}

async function wrong(tx: Tx, one: Try, link: Link | undefined, before: number): Promise<Came> {
  await noteTry(tx, one, "code-wrong");
  const isLast = before + 1 >= LOCK_AFTER;
  if (isLast && link && (await lockLink(tx, link.id)))
    await raiseTask(tx, {
      ...{ organisation: link.organisation, kind: "locked", forWhom: link.issuedBy },
      ...{ patientId: link.patientId, linkId: link.id },
    });
  return { came: "refused", why: isLast ? "LINK_LOCKED" : "CODE_WRONG", link };
}

async function open(tx: Tx, { device, agent }: Input, link: Link): Promise<Came> {
  const state = stateOf(link, tx.now);
  if (state === "ended" || state === "expired") return { came: "over", state, link };
  const secret = mintSecret();
  // It may outlast its link, and shows nothing then: a session that is over couldn't say kindly why.
  const endsAt = new Date(tx.now.getTime() + SESSION_HOURS * 3_600_000);
  const session = { hash: hashOf(secret), agentHash: hashOf(agent), device, endsAt };
  const sessionId = await beginLinkSession(tx, link, session);
  return { came: "opened", secret, sessionId, endsAt, link };
}

async function prove(tx: Tx, input: Input): Promise<Came> {
  const tokenHash = hashOf(input.token);
  await lockToken(tx, tokenHash);
  const found = await findByToken(tx, tokenHash);
  const link = found && answersCodes(found, tx.now) ? found : undefined;
  const one: Try = { tokenHash, address: input.address, link: found };
  const tries = await findTries(tx, one);
  const standing = judgeTries(tries, tx.now);
  if (standing.state !== "open")
    return { came: "refused", why: standing.state === "locked" ? "LINK_LOCKED" : "TRY_LATER", link: found };
  const codeId = await rightCode(tx, input);
  if (!link || !codeId) return wrong(tx, one, found, tries.wrong.length);
  if (link.asksBirthDate && input.birthDate === undefined) return { came: "asks-birth-date", link };
  if (link.asksBirthDate && !(await isBorn(tx, link, input.birthDate ?? "")))
    return wrong(tx, one, found, tries.wrong.length);
  if (!(await spendCode(tx, tokenHash, codeId))) return wrong(tx, one, found, tries.wrong.length);
  await noteTry(tx, one, "code-right");
  return open(tx, input, link);
}

/**
 * The second factor: the code that was sent, and the date of birth where the link asks for it in addition. What comes of it is a
 * session: its secret is for a cookie of this browser, and is answered this once.
 *
 * @throws {NotOpened} `CODE_WRONG`, `TRY_LATER`, `LINK_LOCKED`: the same for a link that isn't one
 */
export const proveCode = defineAction({
  name: "consent.prove-code",
  input: Input,
  policy: systemOnly,
  load: async () => ({ since: Date.now() }),
  run: async (tx, input, { since }) => ({ since, came: await prove(tx, input) }),
  async after(_ctx, { since, came }) {
    await noSooner(since, Promise.resolve());
    if (came.came === "refused") throw new NotOpened(came.why);
    if (came.came === "asks-birth-date") return { state: "asks-birth-date" } as const;
    if (came.came === "over") return { state: came.state === "expired" ? "expired" : "ended" } as const;
    return { state: "open", secret: came.secret, endsAt: came.endsAt.toISOString() } as const;
  },
  audit: {
    how: "each",
    verb: "signed-in",
    subjects: (_input, done) => {
      const came = done?.came;
      return {
        ...(came?.link ? { patientId: came.link.patientId, custodian: came.link.organisation } : {}),
        detail: {
          linkId: came?.link?.id ?? null,
          came: came?.came ?? null,
          ...(came?.came === "refused" ? { why: came.why } : {}),
          ...(came?.came === "opened" ? { session: came.sessionId } : {}),
        },
      };
    },
  },
});
