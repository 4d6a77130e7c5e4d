import * as Access from "../access/index.ts";
import type * as Audit from "../audit/index.ts";
import * as Identity from "../identity/index.ts";
import type { Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { type Facts, type Look, patientsInHour } from "./unusual.ts";

const DAY = 86_400_000;

/** An event of the audit as a look: of a person acting for a trust, at a patient that a trust holds. */
export function looksOf(events: readonly Audit.AuditRecord[]): Look[] {
  return events.flatMap(({ id, at, actorId, role, organisation, purpose, patientId, custodian }) =>
    organisation && patientId && custodian
      ? [{ eventId: id, at, personId: actorId, role, organisation, purpose, patientId, custodian }]
      : [],
  );
}

export const groupBy = <T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
};

/** Family names of the people in their normal form: the last word of what they are called. */
async function familiesOf(tx: Tx, looks: readonly Look[]): Promise<Map<string, string>> {
  const names = await Identity.namesOf(
    tx,
    looks.map(({ personId }) => personId),
  );
  return new Map(
    [...names].map(([id, name]) => [id, Patient.nameKey(name.trim().split(/\s+/).at(-1) ?? "")]),
  );
}

/** A household that more records than that share is a ward, a home or a barracks. */
const MOST_AT_HOME = 12;

/** Where somebody with the S-flag lives is told to nobody, also not by a flag. */
const householdsOf = (records: readonly Patient.RecordRow[]): string[] =>
  records.flatMap(({ addressKey, sensitivities }) =>
    addressKey && !sensitivities.includes("s-flag") ? [addressKey] : [],
  );

/** Where people live, by their own records. */
async function homesOf(tx: Tx, own: readonly { personId: string; patientId: string }[]) {
  const records = groupBy(
    await Patient.findRecordsOfPatients(
      tx,
      own.map(({ patientId }) => patientId),
    ),
    ({ patientId }) => patientId,
  );
  const of = ({ patientId }: { patientId: string }) => householdsOf(records.get(patientId) ?? []);
  const crowded = await Patient.findCrowdedHouseholds(tx, own.flatMap(of), MOST_AT_HOME);
  return new Map(
    [...groupBy(own, ({ personId }) => personId)].map(([personId, mine]) => [
      personId,
      new Set(mine.flatMap(of).filter((home) => !crowded.has(home))),
    ]),
  );
}

/**
 * What the rules judge these looks by, in a few reads for all of them. `before`: the looks of the hour before, for counting.
 */
export async function factsOf(
  tx: Tx,
  looks: readonly Look[],
  before: readonly Look[],
): Promise<(look: Look) => Facts> {
  const patientIds = [...new Set(looks.map(({ patientId }) => patientId))];
  const since = new Date(Math.min(...looks.map(({ at }) => at.getTime())) - DAY);
  const records = groupBy(await Patient.findRecordsOfPatients(tx, patientIds), ({ patientId }) => patientId);
  const bonds = groupBy(await Access.relationshipsOf(tx, patientIds, since), ({ patientId }) => patientId);
  const ownRecords = await Access.ownRecordsOf(tx, [...new Set(looks.map(({ personId }) => personId))]);
  const own = new Set(ownRecords.map(({ personId, patientId }) => `${personId} ${patientId}`));
  const homes = await homesOf(tx, ownRecords);
  const families = await familiesOf(tx, looks);
  const namesakes = await Patient.countFamilies(tx, [...new Set(families.values())]);
  const counts = patientsInHour([...before, ...looks]);
  return ({ eventId, personId, patientId }) => {
    const held = records.get(patientId) ?? [];
    return {
      isOwnRecord: own.has(`${personId} ${patientId}`),
      personFamily: families.get(personId),
      patientFamilies: [...new Set(held.map(({ facts }) => facts.familyKey))],
      isSameHousehold: householdsOf(held).some((home) => homes.get(personId)?.has(home)),
      namesakes: namesakes.get(families.get(personId) ?? "") ?? 0,
      marks: held.flatMap(({ custodian, sensitivities }) =>
        sensitivities.map((mark) => ({ custodian, mark })),
      ),
      bonds: bonds.get(patientId) ?? [],
      patientsInHour: counts.get(eventId) ?? 0,
    };
  };
}
