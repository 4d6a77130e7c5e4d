/** What the envelope of a message says, field by field as its bytes have it: Latin-1 here means "one letter a byte". */
export type Delimiters = {
  field: string;
  component: string;
  repetition: string;
  escape: string;
  subcomponent: string;
};

export const STANDARD: Delimiters = {
  field: "|",
  component: "^",
  repetition: "~",
  escape: "\\",
  subcomponent: "&",
};

export type Envelope = {
  delimiters: Delimiters;
  /** From 1, as the standard counts them: MSH-1 is the field separator itself. */
  msh(field: number): string;
  segments(name: string): string[][];
};

/** A delimiter is a printable sign that stands for nothing else. */
function delimitersIn(line: string): Delimiters | undefined {
  const [field = "", component = "", repetition = "", sign = "", subcomponent = ""] = line.slice(3, 8);
  const given = [field, component, repetition, sign].concat(subcomponent === field ? [] : [subcomponent]);
  const areSigns = given.every((one) => /^[!-/:-@[-`{-~]$/.test(one));
  if (!areSigns || new Set(given).size !== given.length) return undefined;
  return {
    field,
    component,
    repetition,
    escape: sign,
    subcomponent: subcomponent === field ? "&" : subcomponent,
  };
}

const linesOf = (text: string): string[] =>
  text
    .replace(/^[\s\uFEFF]+/, "")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .split(/\r\n?|\n/)
    .filter(Boolean);

/** Nothing where it does not begin as a message does. */
export function envelopeOf(bytes: Uint8Array): Envelope | undefined {
  const lines = linesOf(Buffer.from(bytes).toString("latin1"));
  const [first = ""] = lines;
  const delimiters = first.startsWith("MSH") ? delimitersIn(first) : undefined;
  if (!delimiters) return undefined;
  const fields = first.split(delimiters.field);
  return {
    delimiters,
    // Splitting takes the separator away, which is itself a field.
    msh: (field) => fields[field - 1]?.trim() ?? "",
    segments: (name) => lines.map((line) => line.split(delimiters.field)).filter(([found]) => found === name),
  };
}
