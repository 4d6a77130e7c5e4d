import {
  type Actor,
  allow,
  type Decision,
  definePolicy,
  deny,
  hide,
  may,
  type PolicyCase,
} from "../kernel/index.ts";
import {
  aCoordinator,
  aGateway,
  anEdClinician,
  aPrivacyOfficer,
  aRadiologist,
  theSystem,
} from "../kernel/sample-actors.ts";
import { type MeetingFacts, mayListFor, maySeeMeeting } from "../mdt/index.ts";

/** What this actor is to a meeting and to a case of it. */
export type RoomFacts = MeetingFacts & {
  /** The meeting's chair, who answers for its outcomes also after the set time. */
  isChair: boolean;
  isPublished: boolean;
  /** An action of its outcome is theirs. */
  isOwner: boolean;
  /** Asked by a meeting's display: of this meeting, or of another. */
  display: "none" | "this" | "another";
  /** Of the patient: whether their record is restricted to others, or is the actor's own. */
  patient: "open" | "restricted" | "own";
};

const looks = (actor: Actor) => may(actor, "view") || may(actor, "report");
const chairs = (actor: Actor, { part, isChair, isPublished }: RoomFacts) =>
  part !== undefined && isChair && isPublished && looks(actor);

/** Who is in the room: who sees the meeting's list, and its chair also after the set time. */
function decideMeeting(actor: Actor, facts: RoomFacts): Decision {
  if (facts.display === "another") return deny("display-only");
  if (facts.display === "this" && facts.isPublished && looks(actor)) return allow;
  return chairs(actor, facts) ? allow : maySeeMeeting.decide(actor, facts);
}

/**
 * Who leaves a window alone in a room, by which the meeting's list is seen for hours: its chair, or a coordinator who is named as a
 * member, as both answer for it and may open its cases.
 */
function decideDisplaying(actor: Actor, facts: RoomFacts): Decision {
  if (facts.display !== "none") return deny("display-only");
  if (chairs(actor, facts)) return allow;
  if (!mayListFor.decide(actor, facts).allowed) return deny("not-the-chair");
  if (!facts.part) return deny("not-a-named-member");
  return facts.isPublished ? allow : deny("not-published");
}

/** Who answers for what a meeting decided: its chair, and who lists for it. */
function decideAnswering(actor: Actor, facts: RoomFacts): Decision {
  if (chairs(actor, facts) || mayListFor.decide(actor, facts).allowed) return allow;
  const seen = decideMeeting(actor, facts);
  return seen.allowed ? deny("not-the-chair") : seen;
}

/** A case: its meeting, and whom it is about. Nobody presents or decides on themselves. */
function decideCase(actor: Actor, facts: RoomFacts): Decision {
  const meeting = decideMeeting(actor, facts);
  if (!meeting.allowed) return meeting;
  if (facts.patient === "own") return deny("own-record");
  return facts.patient === "restricted" ? hide("sensitive") : allow;
}

function decideSigning(actor: Actor, facts: RoomFacts): Decision {
  const seen = decideCase(actor, facts);
  if (!seen.allowed) return seen;
  return facts.isChair ? allow : deny("not-the-chair");
}

function decideReviewing(actor: Actor, facts: RoomFacts): Decision {
  const seen = decideCase(actor, facts);
  if (!seen.allowed) return seen;
  return may(actor, "report") ? allow : deny("not-for-this-role");
}

function decideOutcome(actor: Actor, facts: RoomFacts): Decision {
  // A display is of its list alone, whatever who began it has to do elsewhere.
  const isOwners = facts.isOwner && facts.display !== "another";
  if (isOwners && facts.patient === "open" && looks(actor)) return allow;
  return decideCase(actor, facts);
}

const facts = (more: Partial<RoomFacts> = {}): RoomFacts => ({
  organisation: "RA2",
  part: undefined,
  isChair: false,
  isPublished: true,
  isOpenToMembers: true,
  isOwner: false,
  display: "none",
  patient: "open",
  ...more,
});
const ended = { isOpenToMembers: false } as const;
/** As the meeting's own list says it, and what the room adds. */
const seeing: readonly PolicyCase<RoomFacts>[] = [
  ...maySeeMeeting.cases.map((one) => ({
    ...one,
    facts: facts({ ...one.facts, isPublished: one.facts.isOpenToMembers }),
  })),
  {
    says: "its chair after the set time",
    actor: aRadiologist,
    facts: facts({ part: "chair", isChair: true, ...ended }),
    expect: "allow",
  },
  {
    says: "its chair before it is published",
    actor: aRadiologist,
    facts: facts({ part: "chair", isChair: true, isPublished: false, ...ended }),
    expect: "not-published",
  },
  {
    says: "its chair, who isn't a member any more",
    actor: aRadiologist,
    facts: facts({ isChair: true, ...ended }),
    expect: "not-your-meeting",
  },
  {
    says: "its display, whoever began it",
    actor: aCoordinator,
    facts: facts({ organisation: "RXC", display: "this", ...ended }),
    expect: "allow",
  },
  {
    says: "its display, once the list is taken back",
    actor: aCoordinator,
    facts: facts({ organisation: "RXC", display: "this", isPublished: false, ...ended }),
    expect: "not-your-meeting",
  },
  {
    says: "another meeting's display",
    actor: aCoordinator,
    facts: facts({ display: "another" }),
    expect: "display-only",
  },
  { says: "our own functions", actor: theSystem, facts: facts(), expect: "not-your-meeting" },
];
const ofPatient = [
  {
    says: "a restricted record is as if absent",
    actor: aRadiologist,
    facts: facts({ part: "radiologist", patient: "restricted" }),
    expect: "sensitive",
  },
  {
    says: "one's own case",
    actor: aRadiologist,
    facts: facts({ part: "chair", isChair: true, patient: "own" }),
    expect: "own-record",
  },
] as const;

/** The room itself: which cases there are, who is there, where the presenter is. */
export const mayBeInRoom = definePolicy<RoomFacts>({
  name: "room.be-in",
  decide: decideMeeting,
  cases: seeing,
});

/** A case, what was prepared for it, and what is decided: read and written by who is in the room. */
export const maySeeCase = definePolicy<RoomFacts>({
  name: "room.see-case",
  decide: decideCase,
  purposeOf: () => "direct-care",
  cases: [...seeing, ...ofPatient],
});

/** Who makes of their window the display of a meeting room. */
export const mayDisplay = definePolicy<RoomFacts>({
  name: "room.display",
  decide: decideDisplaying,
  cases: [
    {
      says: "its chair",
      actor: aRadiologist,
      facts: facts({ part: "chair", isChair: true }),
      expect: "allow",
    },
    {
      says: "a coordinator who is named as a member",
      actor: aCoordinator,
      facts: facts({ part: "coordinator" }),
      expect: "allow",
    },
    {
      says: "a coordinator of its trust who isn't",
      actor: aCoordinator,
      facts: facts(),
      expect: "not-a-named-member",
    },
    {
      says: "a coordinator, before it is published",
      actor: aCoordinator,
      facts: facts({ part: "coordinator", isPublished: false }),
      expect: "not-published",
    },
    {
      says: "a member",
      actor: aRadiologist,
      facts: facts({ part: "radiologist" }),
      expect: "not-the-chair",
    },
    {
      says: "a display, of itself",
      actor: aRadiologist,
      facts: facts({ part: "chair", isChair: true, display: "this" }),
      expect: "display-only",
    },
    { says: "a gateway", actor: aGateway, facts: facts(), expect: "not-the-chair" },
  ],
});

/** What became of a meeting's actions, and who is asked again: for who answers for it. */
export const answersFor = definePolicy<RoomFacts>({
  name: "room.answers-for",
  decide: decideAnswering,
  cases: [
    { says: "who lists for it", actor: aCoordinator, facts: facts(ended), expect: "allow" },
    {
      says: "its chair, after the set time",
      actor: aRadiologist,
      facts: facts({ part: "chair", isChair: true, ...ended }),
      expect: "allow",
    },
    {
      says: "a member",
      actor: aRadiologist,
      facts: facts({ part: "radiologist" }),
      expect: "not-the-chair",
    },
    { says: "who isn't a member", actor: aRadiologist, facts: facts(), expect: "not-your-meeting" },
    { says: "a gateway", actor: aGateway, facts: facts(), expect: "not-your-meeting" },
  ],
});

/** Only who chairs a meeting signs what it decided. */
export const maySign = definePolicy<RoomFacts>({
  name: "room.sign",
  decide: decideSigning,
  cases: [
    ...ofPatient,
    {
      says: "its chair, also after the set time",
      actor: aRadiologist,
      facts: facts({ part: "chair", isChair: true, ...ended }),
      expect: "allow",
    },
    {
      says: "a member",
      actor: aRadiologist,
      facts: facts({ part: "radiologist" }),
      expect: "not-the-chair",
    },
    { says: "who lists for it", actor: aCoordinator, facts: facts(), expect: "not-the-chair" },
    { says: "a gateway", actor: aGateway, facts: facts(), expect: "not-your-meeting" },
  ],
});

/** Who prepares a case, and says whether a report stands: who reports. */
export const mayReviewCase = definePolicy<RoomFacts>({
  name: "room.review-case",
  decide: decideReviewing,
  purposeOf: () => "direct-care",
  cases: [
    ...ofPatient,
    {
      says: "a radiologist of it",
      actor: aRadiologist,
      facts: facts({ part: "radiologist" }),
      expect: "allow",
    },
    {
      says: "a surgeon of it",
      actor: anEdClinician,
      facts: facts({ part: "surgeon" }),
      expect: "not-for-this-role",
    },
    { says: "who lists for it", actor: aCoordinator, facts: facts(), expect: "not-for-this-role" },
    { says: "a radiologist elsewhere", actor: aRadiologist, facts: facts(), expect: "not-your-meeting" },
    {
      says: "before it is published",
      actor: aRadiologist,
      facts: facts({ part: "radiologist", ...ended }),
      expect: "not-published",
    },
  ],
});

/** What was decided, also for whom it gave something to do. */
export const mayReadOutcome = definePolicy<RoomFacts>({
  name: "room.read-outcome",
  decide: decideOutcome,
  purposeOf: () => "direct-care",
  cases: [
    ...seeing,
    ...ofPatient,
    {
      says: "whose action it is, after the set time",
      actor: anEdClinician,
      facts: facts({ isOwner: true, ...ended }),
      expect: "allow",
    },
    {
      says: "whose action it is, by another meeting's display",
      actor: anEdClinician,
      facts: facts({ part: "surgeon", isOwner: true, display: "another" }),
      expect: "display-only",
    },
    {
      says: "whose action it is, of a record that is restricted",
      actor: anEdClinician,
      facts: facts({ part: "surgeon", isOwner: true, patient: "restricted" }),
      expect: "sensitive",
    },
  ],
});

/** One's own: cases to prepare, what one is told, what one's trust's reports are asked. */
export const mayListOwnRoom = definePolicy<null>({
  name: "room.list-own",
  decide: (actor) => (actor.kind === "person" && looks(actor) ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "allow" },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: null, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
  ],
});

/** Reports of one's own trust that a meeting differs from. */
export const mayListDifferences = definePolicy<null>({
  name: "room.list-differences",
  decide: (actor) => (may(actor, "report") ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "allow" },
    { says: "a coordinator", actor: aCoordinator, facts: null, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
  ],
});

/** What was told to somebody is acknowledged by them alone; an action is done by its owner, or by who lists for the meeting. */
export const isTheirs = definePolicy<{ personId: string | undefined }>({
  name: "room.is-theirs",
  decide: (actor, { personId }) =>
    actor.kind === "person" && actor.id === personId ? allow : hide("not-yours"),
  cases: [
    { says: "whose it is", actor: aRadiologist, facts: { personId: aRadiologist.id }, expect: "allow" },
    {
      says: "somebody else",
      actor: anEdClinician,
      facts: { personId: aRadiologist.id },
      expect: "not-yours",
    },
    { says: "nobody's", actor: anEdClinician, facts: { personId: undefined }, expect: "not-yours" },
  ],
});

export const roomSystemOnly = definePolicy<null>({
  name: "room.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "our own functions", actor: theSystem, facts: null, expect: "allow" },
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "system-only" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "system-only" },
  ],
});
