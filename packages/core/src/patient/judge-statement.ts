import { isSamePersonInTrust, type MatchFacts } from "./judge-pair.ts";
import { factsOf, foldStatements, type Statement } from "./statement.ts";

const agree = (a: string | undefined, b: string | undefined) => Boolean(a) && a === b;

const factsOfOne = (statement: Statement): MatchFacts => factsOf(foldStatements([statement]));

/** Name and date of birth both, said by both. */
const agreesWholly = (a: MatchFacts, b: MatchFacts) =>
  agree(a.birthDate, b.birthDate) && (agree(a.familyKey, b.familyKey) || agree(a.givenKey, b.givenKey));

const agreesInPart = (a: MatchFacts, b: MatchFacts) =>
  agree(a.birthDate, b.birthDate) || agree(a.familyKey, b.familyKey) || agree(a.givenKey, b.givenKey);

const sameNumber = (a: MatchFacts, b: MatchFacts) =>
  !a.nhsNumber || !b.nhsNumber || a.nhsNumber === b.nhsNumber;

/**
 * Whether a local number that comes again is still the same person's (clinical page §3), judged against all that was ever
 * said of it: an older message agrees with what was true then. An admission system may put an NHS number right where name
 * and date of birth agree; nobody else may.
 */
export function isSamePersonAsSaid(
  known: readonly Statement[],
  came: Statement,
  /** The record as it stands: what a merge brought it, or a person put right. */
  standing?: MatchFacts,
): boolean {
  if (known.length === 0) return true;
  const says = factsOfOne(came);
  const all = known.map((statement) => ({ statement, facts: factsOfOne(statement) }));
  const isVouchedFor = all.some(
    ({ statement, facts }) => (statement.isUpdate || came.isUpdate) && agreesWholly(facts, says),
  );
  if (isVouchedFor) return true;
  const isNumberKnown = all.some(({ facts }) => agree(facts.nhsNumber, says.nhsNumber));
  if (!isNumberKnown && all.some(({ facts }) => !sameNumber(facts, says))) return false;
  if (all.some(({ facts }) => agreesInPart(facts, says))) return true;
  const others = [factsOf(foldStatements(known)), ...(standing ? [standing] : [])];
  return others.some((facts) => isSamePersonInTrust({ ...facts, nhsNumber: undefined }, says));
}

/**
 * What speaks against two numbers of one trust being one person, although a message says so (clinical page §3). A temporary
 * identity that is found out is what merges are for: its name speaks against nothing.
 */
export function contradictionOf(a: MatchFacts, b: MatchFacts, neverLinked: boolean): string | undefined {
  if (neverLinked) return "not-to-be-linked";
  if (!sameNumber(a, b)) return "nhs-number-differs";
  if (a.birthDate && b.birthDate && a.birthDate !== b.birthDate) return "birth-date-differs";
  if ((a.sex === "M" && b.sex === "F") || (a.sex === "F" && b.sex === "M")) return "sex-conflicts";
  const isNamed = (facts: MatchFacts) => !facts.isTemporary && facts.familyKey !== "";
  const differ = a.familyKey !== b.familyKey && a.givenKey !== b.givenKey;
  return isNamed(a) && isNamed(b) && differ ? "names-differ" : undefined;
}
