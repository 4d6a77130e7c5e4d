// Letters that Unicode doesn't decompose to a base letter.
const FOLDED: Record<string, string> = {
  ß: "SS",
  ẞ: "SS",
  Ł: "L",
  Ø: "O",
  Đ: "D",
  Ð: "D",
  Þ: "TH",
  Æ: "AE",
  Œ: "OE",
  ı: "I",
};

/** A name for comparison only: upper case, without accents, spaces, hyphens and apostrophes. */
export function nameKey(name: string): string {
  const bare = name.toUpperCase().normalize("NFD").replace(/\p{M}/gu, "");
  // After the marks are gone: an accent may stand on a letter that is folded (ǽ, ǿ).
  return [...bare]
    .map((letter) => FOLDED[letter] ?? letter)
    .join("")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** The first given name: trusts differ in whether they send the others. */
export const givenKey = (given: string): string => nameKey(given.trim().split(/[\s^]+/)[0] ?? "");

const TEMPORARY = [
  /^(UNKNOWN|UNIDENTIFIED|UNNAMED|JOHN ?DOE|JANE ?DOE|MAJAX|TRAUMA|ZZZ?)\b/i,
  /\b(UNKNOWN (MALE|FEMALE|PERSON|CHILD))\b/i,
  /\b(BABY|TWIN|TRIPLET|INFANT) ?(\d|ONE|TWO|I+)? ?(OF|BOY|GIRL)\b/i,
  /^BABY\b/i,
];

/** "Unknown Male 47", "Baby of …": says nothing about who it is. */
export function isTemporaryName(family: string, given: string): boolean {
  const whole = `${family} ${given}`.trim();
  return (
    whole === "" ||
    [whole, `${given} ${family}`.trim()].some((text) => TEMPORARY.some((pattern) => pattern.test(text)))
  );
}
