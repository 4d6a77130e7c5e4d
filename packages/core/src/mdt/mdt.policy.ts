import { type Actor, allow, type Decision, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aCoordinator,
  aGateway,
  anEdClinician,
  aPrivacyOfficer,
  aRadiologist,
  theSystem,
} from "../kernel/sample-actors.ts";
import type { Part } from "./meeting.ts";

export type MeetingFacts = {
  /** The trust that runs it. */
  organisation: string;
  /** As what the actor belongs to it, now. */
  part: Part | undefined;
  /** Its list is published, and the time until which members see it hasn't come. */
  isOpenToMembers: boolean;
};

const isHost = (actor: Actor, { organisation }: Pick<MeetingFacts, "organisation">) =>
  actor.kind === "person" && actor.organisation === organisation;

/** Listing is an activity, for the meetings of the trust where one has it, or where one is named as their coordinator. */
function decideListing(actor: Actor, facts: MeetingFacts): Decision {
  if (!may(actor, "list-for-mdt")) return deny("not-for-this-role");
  return isHost(actor, facts) || facts.part === "coordinator" ? allow : deny("not-your-meeting");
}

/** Members see a list once it is published, until a set time after (clinical page §4). */
function decideSeeing(actor: Actor, facts: MeetingFacts): Decision {
  if (decideListing(actor, facts).allowed) return allow;
  if (!facts.part) return deny("not-your-meeting");
  if (!may(actor, "view") && !may(actor, "report")) return deny("not-for-this-role");
  return facts.isOpenToMembers ? allow : deny("not-published");
}

const facts = (more: Partial<MeetingFacts> = {}): MeetingFacts => ({
  organisation: "RA2",
  part: undefined,
  isOpenToMembers: false,
  ...more,
});

/** Who builds a meeting's list. */
export const mayListFor = definePolicy<MeetingFacts>({
  name: "mdt.list-for",
  decide: decideListing,
  cases: [
    { says: "a coordinator, their trust's meeting", actor: aCoordinator, facts: facts(), expect: "allow" },
    {
      says: "a coordinator, another trust's meeting",
      actor: aCoordinator,
      facts: facts({ organisation: "RXC" }),
      expect: "not-your-meeting",
    },
    {
      says: "a coordinator whom another trust's meeting names as its own",
      actor: aCoordinator,
      facts: facts({ organisation: "RXC", part: "coordinator" }),
      expect: "allow",
    },
    {
      says: "a coordinator who only comes to it",
      actor: aCoordinator,
      facts: facts({ organisation: "RXC", part: "nurse" }),
      expect: "not-your-meeting",
    },
    {
      says: "its chair, who doesn't list",
      actor: aRadiologist,
      facts: facts({ part: "chair", isOpenToMembers: true }),
      expect: "not-for-this-role",
    },
    {
      says: "somebody called coordinator there, without the activity",
      actor: anEdClinician,
      facts: facts({ part: "coordinator" }),
      expect: "not-for-this-role",
    },
    { says: "a gateway", actor: aGateway, facts: facts(), expect: "not-for-this-role" },
    { says: "our own functions", actor: theSystem, facts: facts(), expect: "not-for-this-role" },
  ],
});

/** Who sees a meeting's cases. */
export const maySeeMeeting = definePolicy<MeetingFacts>({
  name: "mdt.see-meeting",
  decide: decideSeeing,
  cases: [
    { says: "its coordinator, before it is published", actor: aCoordinator, facts: facts(), expect: "allow" },
    {
      says: "a member of another trust, published",
      actor: aRadiologist,
      facts: facts({ part: "radiologist", isOpenToMembers: true }),
      expect: "allow",
    },
    {
      says: "a member, before it is published or after the set time",
      actor: aRadiologist,
      facts: facts({ part: "radiologist" }),
      expect: "not-published",
    },
    {
      says: "who isn't a member, published",
      actor: aRadiologist,
      facts: facts({ isOpenToMembers: true }),
      expect: "not-your-meeting",
    },
    {
      says: "a member without an activity that looks at patients",
      actor: aPrivacyOfficer,
      facts: facts({ part: "other", isOpenToMembers: true }),
      expect: "not-for-this-role",
    },
    {
      says: "another trust's coordinator",
      actor: aCoordinator,
      facts: facts({ organisation: "RXC", isOpenToMembers: true }),
      expect: "not-your-meeting",
    },
    {
      says: "a gateway",
      actor: aGateway,
      facts: facts({ isOpenToMembers: true }),
      expect: "not-your-meeting",
    },
  ],
});

/** A new series, at one's own trust. */
export const mayBeginSeries = definePolicy<null>({
  name: "mdt.begin-series",
  decide: (actor) => (may(actor, "list-for-mdt") ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a coordinator", actor: aCoordinator, facts: null, expect: "allow" },
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
  ],
});

/** One's own meetings, and what one is asked: the list holds nobody else's. */
export const mayListOwn = definePolicy<null>({
  name: "mdt.list-own",
  decide: (actor) => (actor.kind === "person" ? allow : deny("people-only")),
  cases: [
    { says: "a coordinator", actor: aCoordinator, facts: null, expect: "allow" },
    {
      says: "a radiologist, whose list holds what they are a member of",
      actor: aRadiologist,
      facts: null,
      expect: "allow",
    },
    { says: "a privacy officer, whose list is empty", actor: aPrivacyOfficer, facts: null, expect: "allow" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "people-only" },
  ],
});

/** Only whoever was asked says what they say to it. */
export const mayAnswer = definePolicy<{ askedOfId: string | undefined }>({
  name: "mdt.answer",
  decide: (actor, { askedOfId }) =>
    actor.kind === "person" && askedOfId !== undefined && actor.id === askedOfId
      ? allow
      : deny("not-asked-of-you"),
  cases: [
    { says: "who was asked", actor: aRadiologist, facts: { askedOfId: "p-rad" }, expect: "allow" },
    {
      says: "somebody else",
      actor: anEdClinician,
      facts: { askedOfId: "p-rad" },
      expect: "not-asked-of-you",
    },
    {
      says: "asked of somebody in words",
      actor: aRadiologist,
      facts: { askedOfId: undefined },
      expect: "not-asked-of-you",
    },
    { says: "a gateway", actor: aGateway, facts: { askedOfId: "p-rad" }, expect: "not-asked-of-you" },
  ],
});

/** Our own functions, on what they hear and by the clock. */
export const maySystem = definePolicy<null>({
  name: "mdt.system",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "our own functions", actor: theSystem, facts: null, expect: "allow" },
    { says: "a coordinator", actor: aCoordinator, facts: null, expect: "system-only" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "system-only" },
  ],
});
