import { type Actor, allow, type Decision, definePolicy, deny, hide } from "../kernel/index.ts";
import { aPatient, aRadiologist, aRegionalSystem, theSystem } from "../kernel/sample-actors.ts";
import type { LinkState, Recipient } from "./link.ts";
import type { Release } from "./release.ts";

/** `isSuspended`: its proxy is, until somebody has looked at it again. */
export type LinkFacts = { linkId: string; state: LinkState; isSuspended: boolean };

function decideUse(actor: Actor, { linkId, state, isSuspended }: LinkFacts): Decision {
  if (actor.kind !== "patient" || actor.linkId !== linkId) return hide("not-your-link");
  if (state === "ended") return deny("link-ended");
  if (state === "expired") return deny("link-expired");
  // What others guessed at closes no session that was opened with the right code.
  return isSuspended ? deny("link-paused") : allow;
}

const mine = (more: Partial<LinkFacts> = {}): LinkFacts => ({
  linkId: aPatient.linkId,
  state: "alive",
  isSuspended: false,
  ...more,
});

/** By a link's own session, while the link lives. Nobody else: staff see what they see by their own doors. */
export const mayUseLink = definePolicy<LinkFacts>({
  name: "consent.use-link",
  decide: decideUse,
  cases: [
    { says: "who opened it", actor: aPatient, facts: mine(), expect: "allow" },
    { says: "locked by others' guesses", actor: aPatient, facts: mine({ state: "locked" }), expect: "allow" },
    { says: "ended", actor: aPatient, facts: mine({ state: "ended" }), expect: "link-ended" },
    { says: "expired", actor: aPatient, facts: mine({ state: "expired" }), expect: "link-expired" },
    {
      says: "its proxy is looked at again",
      actor: aPatient,
      facts: mine({ isSuspended: true }),
      expect: "link-paused",
    },
    {
      says: "by another link's session",
      actor: { ...aPatient, linkId: "l-2" },
      facts: mine(),
      expect: "not-your-link",
    },
    { says: "staff", actor: aRadiologist, facts: mine(), expect: "not-your-link" },
    { says: "a system", actor: aRegionalSystem, facts: mine(), expect: "not-your-link" },
    { says: "our own functions", actor: theSystem, facts: mine(), expect: "not-your-link" },
  ],
});

/** `release`: `undefined` where the link doesn't show it, or nobody holds it any more. */
export type ShownFacts = LinkFacts & { release: Release | undefined };
const open: Release = { state: "open" };
const held: Release = { state: "held", why: ["alert"], until: undefined };

function decideShown(actor: Actor, facts: ShownFacts): Decision {
  const use = decideUse(actor, facts);
  if (!use.allowed) return use;
  if (!facts.release) return hide("not-in-link");
  // One word for all that holds it back: why is nothing that a patient reads on a screen first.
  return facts.release.state === "open" ? allow : deny("not-now");
}

/** One study, series or image of a link, its report or its pictures. */
export const maySee = definePolicy<ShownFacts>({
  name: "consent.see",
  decide: decideShown,
  cases: [
    { says: "what the link shows", actor: aPatient, facts: { ...mine(), release: open }, expect: "allow" },
    {
      says: "what the link doesn't show",
      actor: aPatient,
      facts: { ...mine(), release: undefined },
      expect: "not-in-link",
    },
    { says: "held again", actor: aPatient, facts: { ...mine(), release: held }, expect: "not-now" },
    {
      says: "never",
      actor: aPatient,
      facts: { ...mine(), release: { state: "never", why: ["restricted"] } },
      expect: "not-now",
    },
    {
      says: "an ended link",
      actor: aPatient,
      facts: { ...mine({ state: "ended" }), release: open },
      expect: "link-ended",
    },
    { says: "staff", actor: aRadiologist, facts: { ...mine(), release: open }, expect: "not-your-link" },
  ],
});

/** The same, to take away: where the link allows that. */
export const mayTake = definePolicy<ShownFacts & { mayDownload: boolean }>({
  name: "consent.take",
  decide(actor, facts) {
    const shown = decideShown(actor, facts);
    if (!shown.allowed) return shown;
    return facts.mayDownload ? allow : deny("no-downloads");
  },
  cases: [
    {
      says: "where it is allowed",
      actor: aPatient,
      facts: { ...mine(), release: open, mayDownload: true },
      expect: "allow",
    },
    {
      says: "where it isn't",
      actor: aPatient,
      facts: { ...mine(), release: open, mayDownload: false },
      expect: "no-downloads",
    },
    {
      says: "held",
      actor: aPatient,
      facts: { ...mine(), release: held, mayDownload: true },
      expect: "not-now",
    },
  ],
});

/** A link that was passed on isn't passed on again, and neither ends another's. */
export const mayPassOn = definePolicy<LinkFacts & { recipient: Recipient }>({
  name: "consent.pass-on",
  decide(actor, facts) {
    const use = decideUse(actor, facts);
    if (!use.allowed) return use;
    return facts.recipient === "passed-on" ? deny("passed-on-already") : allow;
  },
  cases: [
    { says: "a patient", actor: aPatient, facts: { ...mine(), recipient: "patient" }, expect: "allow" },
    {
      says: "to whom it was passed on",
      actor: aPatient,
      facts: { ...mine(), recipient: "passed-on" },
      expect: "passed-on-already",
    },
    {
      says: "an ended link",
      actor: aPatient,
      facts: { ...mine({ state: "ended" }), recipient: "patient" },
      expect: "link-ended",
    },
    {
      says: "staff",
      actor: aRadiologist,
      facts: { ...mine(), recipient: "patient" },
      expect: "not-your-link",
    },
  ],
});
