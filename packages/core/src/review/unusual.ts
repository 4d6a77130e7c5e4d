/** A look of a person at a patient, and what is known of both when it is judged. */
export type Look = {
  eventId: string;
  at: Date;
  personId: string;
  role: string | null;
  organisation: string;
  purpose: string | null;
  patientId: string;
  custodian: string;
};
export type Bond = {
  personId: string;
  organisation: string;
  kind: string;
  startsAt: Date;
  endsAt: Date;
  isProvisional: boolean;
};
export type Facts = {
  /** The patient is the person who looks, as the registry of staff has it. */
  isOwnRecord: boolean;
  /** The person's family name in its normal form; undefined where nobody knows it. */
  personFamily: string | undefined;
  patientFamilies: readonly string[];
  /** How many records of the region have that family name. */
  namesakes: number;
  /** What the patient is marked as, and by which trust. */
  marks: readonly { custodian: string; mark: string }[];
  /** The patient lives where the person's own record lives. Unknown where either is unknown. */
  isSameHousehold: boolean;
  /** All relationships of the patient, whoever's. */
  bonds: readonly Bond[];
  /** Different patients whom the person looked at in the hour that ends with this look, this one included and new in it. */
  patientsInHour: number;
};

/** `after`: judged so many hours later, when what would explain the look has had its time to be recorded. */
export type Rule = {
  code: string;
  /** For the officer: why it is flagged. */
  says: string;
  /** What the rule is judged by. */
  source: string;
  after: 0 | 24 | 72;
  finds(look: Look, facts: Facts): boolean;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Fewer records than that in the region share a name: who has it is likely kin. */
const RARE_NAME = 20;
/** In one hour, by why they look. A reporter's list is long, a ward is not. */
const MOST_PATIENTS: Record<string, number> = { reporting: 60, operations: 60, "direct-care": 25, audit: 60 };
const MOST_OTHERWISE = 25;

const within = (bond: Bond, at: Date) =>
  bond.startsAt.getTime() - DAY <= at.getTime() && at.getTime() <= bond.endsAt.getTime() + DAY;

/**
 * A relationship by a source of its own, not by the person's word alone, in force within a day of the look. Broken glass is
 * one here: each is reviewed already, in a queue of its own.
 */
const hasConfirmed = ({ personId, at }: Look, { bonds }: Facts) =>
  bonds.some((bond) => bond.personId === personId && !bond.isProvisional && within(bond, at));

/** An admission, appointment, request or referral at the person's trust within 72 hours of the look. */
const isTeamConfirmed = ({ organisation, at }: Look, { bonds }: Facts) =>
  bonds.some(
    (bond) =>
      !bond.isProvisional &&
      bond.kind !== "glass" &&
      bond.organisation === organisation &&
      bond.startsAt.getTime() <= at.getTime() + 3 * DAY &&
      bond.endsAt.getTime() >= at.getTime() - DAY,
  );

const isMarked = ({ marks }: Facts, mark: string, by?: string) =>
  marks.some((one) => one.mark === mark && (by === undefined || one.custodian === by));

/** What is unusual, as data. */
export const RULES: readonly Rule[] = [
  {
    code: "own-record",
    says: "They looked at their own record.",
    source: "own_record: which patient a member of staff is",
    after: 0,
    finds: (_look, facts) => facts.isOwnRecord,
  },
  {
    code: "same-surname",
    says: "The patient has their family name, and nothing else ties them, or few people have it.",
    source: "person (sign-in) and patient_record, names in their normal form",
    after: 24,
    finds: (look, facts) =>
      facts.personFamily !== undefined &&
      facts.patientFamilies.includes(facts.personFamily) &&
      (facts.namesakes <= RARE_NAME || !(hasConfirmed(look, facts) || isTeamConfirmed(look, facts))) &&
      look.purpose !== "reporting",
  },
  {
    code: "same-address",
    says: "The patient lives at their own address, as admission systems have both.",
    source: "own_record, patient_record.address_key (PID-11); none of a patient with the S-flag",
    after: 0,
    // Whatever ties them: nobody looks after their own household.
    finds: (_look, facts) => facts.isSameHousehold && !facts.isOwnRecord,
  },
  {
    code: "colleague",
    says: "The patient is a colleague at their own trust, with whom they have no recorded relationship.",
    source: "patient_record.sensitivities (staff), relationship",
    after: 24,
    finds: (look, facts) => isMarked(facts, "staff", look.organisation) && !hasConfirmed(look, facts),
  },
  {
    code: "vip",
    says: "The patient is marked as a public figure, and they have no recorded relationship.",
    source: "patient_record.sensitivities (vip), relationship",
    after: 24,
    finds: (look, facts) => isMarked(facts, "vip") && !hasConfirmed(look, facts),
  },
  {
    code: "no-relationship",
    says: "Their own word was all that tied them to the patient, and nothing has borne it out in 72 hours.",
    source: "relationship: statements, and what admissions, appointments, requests and referrals say",
    after: 72,
    finds: (look, facts) =>
      look.purpose === "direct-care" && !hasConfirmed(look, facts) && !isTeamConfirmed(look, facts),
  },
  {
    code: "many-patients",
    says: "They looked at very many patients within an hour.",
    source: "audit_event: different patients in an hour",
    after: 0,
    // The one look that goes over the limit: one flag an hour, not one a patient.
    finds: ({ purpose }, { patientsInHour }) =>
      patientsInHour === (MOST_PATIENTS[purpose ?? ""] ?? MOST_OTHERWISE) + 1,
  },
];

export const DELAYS = [0, 24, 72] as const;
export type Delay = (typeof DELAYS)[number];

/** The codes of all rules of this delay that find the look unusual. */
export const judgeLook = (look: Look, facts: Facts, after: Delay): string[] =>
  RULES.filter((rule) => rule.after === after && rule.finds(look, facts)).map(({ code }) => code);

/** For each look, how many patients its person had looked at in the hour before; 0 where it is one of them again. */
export function patientsInHour(looks: readonly Look[]): Map<string, number> {
  const counts = new Map<string, number>();
  const recent = new Map<string, Look[]>();
  for (const look of looks.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const since = look.at.getTime() - HOUR;
    const before = (recent.get(look.personId) ?? []).filter(({ at }) => at.getTime() > since);
    const known = new Set(before.map(({ patientId }) => patientId));
    counts.set(look.eventId, known.has(look.patientId) ? 0 : known.size + 1);
    recent.set(look.personId, [...before, look]);
  }
  return counts;
}
