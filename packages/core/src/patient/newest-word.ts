/** Whose word something is: by the sender's own clock, then by the message's id. What came first to us plays no part. */
export type Word = { at: Date; id: string };

/** For each field the word that it is. */
export type Said = Record<string, { at: string; id: string }>;

/** Two messages of one second: `99` before `100`, as most senders count. The lists' SQL sorts alike. */
const compareIds = (a: string, b: string): number => a.length - b.length || (a === b ? 0 : a < b ? -1 : 1);

export const compareWords = (a: Word, b: Word): number =>
  a.at.getTime() - b.at.getTime() || compareIds(a.id, b.id);

const wordOf = (
  said: { at: string; id: string } | undefined,
  fallback: Word | undefined,
): Word | undefined => (said ? { at: new Date(said.at), id: said.id } : fallback);

/** What a message says of something: a field that is absent says nothing, `null` takes back what was said. */
export type Stated<T> = { [K in keyof T]?: T[K] | null | undefined };

export type Held<T> = { values: Stated<T>; said: Said };

/**
 * The last word on each field. Any number of messages, in any order, as often as they like, come to the same.
 *
 * @param fallback - whose word a held value is that says nothing of it (kept before words were)
 */
export function takeNewest<T extends object>(
  held: Held<T>,
  came: Stated<T>,
  word: Word,
  fallback?: Word,
): Held<T> & { isChanged: boolean } {
  const values: Stated<T> = { ...held.values };
  const said = { ...held.said };
  let isChanged = false;
  for (const key in came) {
    const value = came[key];
    if (value === undefined) continue;
    const before = wordOf(said[key], held.values[key] === undefined ? undefined : fallback);
    if (before && compareWords(before, word) >= 0) continue;
    values[key] = value;
    said[key] = { at: word.at.toISOString(), id: word.id };
    isChanged = true;
  }
  return { values, said, isChanged };
}
