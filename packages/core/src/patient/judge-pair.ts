/** What two records say of one person, as far as joining needs it. Keys are from `name-key.ts`, dates are YYYY-MM-DD. */
export type MatchFacts = {
  nhsNumber: string | undefined;
  familyKey: string;
  givenKey: string;
  birthDate: string | undefined;
  sex: string | undefined;
  isTemporary: boolean;
};

export type Judgement =
  | { verdict: "join"; nameDiffers: boolean }
  | { verdict: "review"; rule: string }
  | { verdict: "apart"; rule: string };

const apart = (rule: string): Judgement => ({ verdict: "apart", rule });
const review = (rule: string): Judgement => ({ verdict: "review", rule });

const agree = (a: string, b: string) => a !== "" && a === b;

const swapDayAndMonth = (date: string) => `${date.slice(0, 4)}-${date.slice(8, 10)}-${date.slice(5, 7)}`;

function judgeDates(a: string | undefined, b: string | undefined): Judgement | undefined {
  if (!a || !b) return review("birth-date-missing");
  if (a === b) return undefined;
  return swapDayAndMonth(a) === b ? review("birth-date-day-month-swapped") : apart("birth-date-differs");
}

const sexConflicts = (a: MatchFacts, b: MatchFacts) =>
  (a.sex === "M" && b.sex === "F") || (a.sex === "F" && b.sex === "M");

/**
 * Whether two records join by themselves (clinical page §3). Never without an equal, valid NHS number and an equal date of
 * birth; `review` lists the pair for a person; `apart` says nothing relates them.
 */
export function judgePair(a: MatchFacts, b: MatchFacts, neverLinked: boolean): Judgement {
  if (neverLinked) return apart("not-to-be-linked");
  if (!a.nhsNumber || !b.nhsNumber) return apart("no-nhs-number");
  if (a.nhsNumber !== b.nhsNumber) return apart("nhs-number-differs");
  const dates = judgeDates(a.birthDate, b.birthDate);
  if (dates) return dates;
  if (a.isTemporary || b.isTemporary) return review("temporary-identity");
  if (sexConflicts(a, b)) return review("sex-conflicts");
  const family = agree(a.familyKey, b.familyKey);
  const given = agree(a.givenKey, b.givenKey);
  if (!family && !given) return review("names-differ");
  // 1 January is what a desk types for "not known": it carries less than a date of birth.
  if (a.birthDate?.endsWith("-01-01") && !(family && given)) return review("birth-date-1-january");
  return { verdict: "join", nameDiffers: !(family && given) };
}

/** A local number that comes again in its own trust: the same person, or quarantined. */
export function isSamePersonInTrust(known: MatchFacts, again: MatchFacts): boolean {
  if (known.nhsNumber && again.nhsNumber && known.nhsNumber !== again.nhsNumber) return false;
  const nameAgrees = agree(known.familyKey, again.familyKey) || agree(known.givenKey, again.givenKey);
  const dateAgrees = !known.birthDate || !again.birthDate || known.birthDate === again.birthDate;
  return nameAgrees || dateAgrees;
}

/** An outside disc against the patient who was chosen for it: number, date of birth and a name, as far as both say them. */
export function isChosenPerson(chosen: MatchFacts, disc: MatchFacts): boolean {
  if (chosen.nhsNumber && disc.nhsNumber && chosen.nhsNumber !== disc.nhsNumber) return false;
  if (!chosen.birthDate || chosen.birthDate !== disc.birthDate || sexConflicts(chosen, disc)) return false;
  return agree(chosen.familyKey, disc.familyKey) && agree(chosen.givenKey, disc.givenKey);
}
