import { isPrivateTag, keywordOf, tagOf, vrOf } from "../dataset/dictionary.ts";

const MOST_LEVELS = 8;

function tagNamed(name: string): string | undefined {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) return name.toUpperCase();
  try {
    // Keywords begin with a capital and hold no other sign: `constructor` is none.
    return /^[A-Z][A-Za-z0-9]+$/.test(name) ? tagOf(name) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The tags of an attribute as a query spells it: keyword, eight hex digits, or a path of either through sequences.
 *
 * @returns From the outermost sequence to the attribute, upper-case hex; `undefined` where PS3.6 has no such attribute.
 * @see DICOM PS3.18 §8.3.4.1 ({attribute})
 */
export function attributePath(spelled: string): readonly string[] | undefined {
  const parts = spelled.split(".");
  if (parts.length > MOST_LEVELS) return undefined;
  const tags = parts.map(tagNamed);
  if (!tags.every((tag) => tag !== undefined)) return undefined;
  const isWalkable = tags.slice(0, -1).every((tag) => vrOf(tag) === "SQ" || isPrivateTag(tag));
  const isKnown = tags.every((tag) => keywordOf(tag) !== undefined || isPrivateTag(tag));
  return isWalkable && isKnown ? tags : undefined;
}
