declare const brand: unique symbol;
export type NhsNumber = string & { readonly [brand]: "NhsNumber" };

/** Repeated digits pass the check digit and are used as placeholders; so is this sequence in some systems. */
const PLACEHOLDERS = new Set([
  "1234567881",
  "9876543210",
  ...Array.from({ length: 10 }, (_, digit) => String(digit).repeat(10)),
]);

const checkDigitHolds = (digits: string): boolean => {
  const sum = [...digits.slice(0, 9)].reduce(
    (total, digit, index) => total + Number(digit) * (10 - index),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return check !== 10 && check === Number(digits[9]);
};

/**
 * An NHS number whose modulus-11 check digit holds and which is no placeholder; spaces and hyphens are taken out.
 *
 * @see NHS Data Dictionary, "NHS NUMBER" (check digit, modulus 11)
 */
export function nhsNumberOf(text: string | undefined): NhsNumber | undefined {
  const digits = text?.replace(/[\s-]/g, "") ?? "";
  if (!/^\d{10}$/.test(digits) || PLACEHOLDERS.has(digits) || !checkDigitHolds(digits)) return undefined;
  return digits as NhsNumber;
}

/** `999 123 4567` */
export const spaced = (nhsNumber: string): string =>
  `${nhsNumber.slice(0, 3)} ${nhsNumber.slice(3, 6)} ${nhsNumber.slice(6)}`;
