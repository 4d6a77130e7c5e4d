import { decideReading, type ReadingFacts, sampleFacts } from "../access/index.ts";
import { type Actor, allow, definePolicy, deny, hide } from "../kernel/index.ts";
import { aCoordinator, aGateway, anEdClinician, aRadiologist } from "../kernel/sample-actors.ts";
import { type MeetingFacts, mayListFor } from "./mdt.policy.ts";

type Facts = ReadingFacts & { list: MeetingFacts };

/** Who reads the study, and builds the meeting's list or belongs to it. */
function decide(actor: Actor, facts: Facts) {
  const reading = decideReading(actor, facts);
  if (!reading.allowed) return reading;
  if (actor.kind !== "person") return deny("people-only");
  if (mayListFor.decide(actor, facts.list).allowed || facts.list.part) return allow;
  return deny("not-your-meeting");
}

const facts = (more: Partial<ReadingFacts> = {}, list: Partial<MeetingFacts> = {}): Facts => ({
  ...sampleFacts("RXC", more),
  list: { organisation: "RA2", part: undefined, isOpenToMembers: false, ...list },
});

export const mayListByStudy = definePolicy<Facts>({
  name: "mdt.list-by-study",
  decide,
  cases: [
    {
      says: "a member who reads it",
      actor: aRadiologist,
      facts: facts({}, { part: "radiologist" }),
      expect: "allow",
    },
    {
      says: "who reads it and isn't a member",
      actor: aRadiologist,
      facts: facts(),
      expect: "not-your-meeting",
    },
    {
      says: "a member who has no relationship with the patient",
      actor: anEdClinician,
      facts: facts({}, { part: "surgeon" }),
      expect: "no-relationship",
    },
    {
      says: "a coordinator who has the patient on another list",
      actor: aCoordinator,
      facts: facts({ relationships: ["mdt"] }),
      expect: "allow",
    },
    {
      says: "a coordinator without",
      actor: aCoordinator,
      facts: facts(),
      expect: "no-relationship",
    },
    {
      says: "a restricted record, a member to whom the patient was referred",
      actor: anEdClinician,
      facts: facts({ sensitivities: ["vip"], relationships: ["referral"] }, { part: "surgeon" }),
      expect: "allow",
    },
    {
      says: "a restricted record, a coordinator",
      actor: aCoordinator,
      facts: facts({ sensitivities: ["vip"], relationships: ["mdt"] }),
      expect: "sensitive",
    },
    { says: "a gateway", actor: aGateway, facts: facts(), expect: "not-for-this-role" },
  ],
});

type ReferredFacts = Facts & { toPersonId: string; isInForce: boolean };
const toThem = (facts: Facts, more: Partial<ReferredFacts> = {}): ReferredFacts => ({
  ...facts,
  toPersonId: anEdClinician.id,
  isInForce: true,
  ...more,
});
const referred = facts({ relationships: ["referral"] }, { part: "surgeon" });

/** To whom the patient was referred, while it holds, and who builds the meeting's list or belongs to it. */
export const mayListByReferral = definePolicy<ReferredFacts>({
  name: "mdt.list-by-referral",
  decide(actor, referral) {
    const isTheirs = actor.kind === "person" && actor.id === referral.toPersonId && referral.isInForce;
    return isTheirs ? decide(actor, referral) : hide("not-your-referral");
  },
  cases: [
    { says: "its receiver, a member", actor: anEdClinician, facts: toThem(referred), expect: "allow" },
    {
      says: "its receiver, once it is over or taken back",
      actor: anEdClinician,
      facts: toThem(referred, { isInForce: false }),
      expect: "not-your-referral",
    },
    {
      says: "its receiver, of a meeting that isn't theirs",
      actor: anEdClinician,
      facts: toThem(facts({ relationships: ["referral"] })),
      expect: "not-your-meeting",
    },
    {
      says: "a coordinator, to whom it wasn't sent",
      actor: aCoordinator,
      facts: toThem(facts({ relationships: ["mdt"] })),
      expect: "not-your-referral",
    },
    { says: "a gateway", actor: aGateway, facts: toThem(referred), expect: "not-your-referral" },
  ],
});
