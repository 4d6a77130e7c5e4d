import type { MatchFacts } from "./judge-pair.ts";
import { givenKey, isTemporaryName, nameKey } from "./name-key.ts";
import { compareWords } from "./newest-word.ts";
import { nhsNumberOf } from "./nhs-number.ts";
import type { StatedIdentity } from "./patient.ts";

export type StatedName = {
  family: string;
  given: string;
  middle: string;
  prefix: string;
  ideographic?: string | undefined;
  phonetic?: string | undefined;
};

/** What was said of a local number. Absent: nothing was said of it; `null`: what was said before is taken back. */
export type Says = {
  issuer?: string | null | undefined;
  nhs?: { number: string; isVerified?: boolean | undefined } | null | undefined;
  name?: StatedName | null | undefined;
  /** YYYY-MM-DD */
  birthDate?: string | null | undefined;
  sex?: string | null | undefined;
  /** The household, as `addressKey` makes it. */
  addressKey?: string | null | undefined;
};

/** `isUpdate`: an admission system's word, of which the newest counts. Of any other word (images, requests) the first does. */
export type Statement = { source: string; saidAt: Date; isUpdate: boolean; says: Says };

const NOBODY: StatedName = { family: "", given: "", middle: "", prefix: "" };

/** What a scanner, a request or a report says: it fills what nobody said, and takes nothing back. */
export function saysOf(identity: StatedIdentity): Says {
  const number = nhsNumberOf(identity.nhsNumber);
  const { family, given, middle, prefix, ideographic, phonetic } = identity;
  const hasName = [family, given, ideographic].some(Boolean);
  return {
    issuer: identity.issuer,
    nhs: number ? { number, isVerified: identity.nhsVerified || undefined } : undefined,
    name: hasName ? { family, given, middle, prefix, ideographic, phonetic } : undefined,
    birthDate: identity.birthDate,
    sex: identity.sex,
  };
}

const inOrder = (statements: readonly Statement[]) =>
  statements.toSorted((a, b) => compareWords({ at: a.saidAt, id: a.source }, { at: b.saidAt, id: b.source }));

/** The word that counts for one field: the newest of the updates, else the first of all others. */
function counting<K extends keyof Says>(ordered: readonly Statement[], field: K): Says[K] {
  const speaking = ordered.filter(({ says }) => says[field] !== undefined);
  const newest = speaking.findLast(({ isUpdate }) => isUpdate);
  return (newest ?? speaking[0])?.says[field] ?? undefined;
}

/** The same number may be said again without a word on whether it was traced. */
const isVerified = (ordered: readonly Statement[], number: string): boolean =>
  ordered.findLast(({ says }) => says.nhs?.number === number && says.nhs.isVerified !== undefined)?.says.nhs
    ?.isVerified ?? false;

const isSameName = (a: StatedName, b: StatedName): boolean =>
  nameKey(a.family) === nameKey(b.family) && givenKey(a.given) === givenKey(b.given);

/** The same name in its other scripts, by whoever wrote them: most messages leave them out, and take nothing back by that. */
function inAllScripts(name: StatedName, ordered: readonly Statement[]): StatedName {
  const same = ordered.flatMap(({ says }) => (says.name && isSameName(says.name, name) ? [says.name] : []));
  return {
    ...name,
    ideographic: name.ideographic ?? same.find((one) => one.ideographic)?.ideographic,
    phonetic: name.phonetic ?? same.find((one) => one.phonetic)?.phonetic,
  };
}

export type Folded = {
  issuer: string | undefined;
  nhsNumber: string | undefined;
  nhsVerified: boolean;
  name: StatedName;
  birthDate: string | undefined;
  sex: string | undefined;
  addressKey: string | undefined;
};

/** What all that was said comes to, in whatever order it was heard. */
export function foldStatements(statements: readonly Statement[]): Folded {
  const ordered = inOrder(statements);
  const nhsNumber = counting(ordered, "nhs")?.number;
  return {
    issuer: counting(ordered, "issuer") ?? undefined,
    nhsNumber,
    nhsVerified: nhsNumber !== undefined && isVerified(ordered, nhsNumber),
    name: inAllScripts(counting(ordered, "name") ?? NOBODY, ordered),
    birthDate: counting(ordered, "birthDate") ?? undefined,
    sex: counting(ordered, "sex") ?? undefined,
    addressKey: counting(ordered, "addressKey") ?? undefined,
  };
}

/** What was known of a number at a time; where nothing was, the first that became known of it. */
export function foldAsOf(statements: readonly Statement[], at: Date): Folded | undefined {
  const before = statements.filter(({ saidAt }) => saidAt <= at);
  if (before.length > 0) return foldStatements(before);
  const [first] = inOrder(statements);
  return first && foldStatements([first]);
}

export const factsOf = ({ nhsNumber, name, birthDate, sex }: Folded): MatchFacts => ({
  nhsNumber,
  familyKey: nameKey(name.family),
  givenKey: givenKey(name.given),
  birthDate,
  sex,
  isTemporary: isTemporaryName(name.family, name.given),
});
