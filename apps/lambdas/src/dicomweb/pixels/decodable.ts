const S = "1.2.840.10008.1.2";

/** Encapsulated syntaxes that the decoder unpacks; a test holds it to this. */
export const DECODABLE: ReadonlySet<string> = new Set(
  [
    ".1.98",
    ".8.1",
    ".5",
    ".4.50",
    ".4.51",
    ".4.53",
    ".4.55",
    ".4.57",
    ".4.70",
    ".4.80",
    ".4.81",
    ".4.90",
    ".4.91",
    ".4.201",
    ".4.202",
    ".4.203",
  ].map((rest) => `${S}${rest}`),
);
