/** One media range of an Accept header, or a Content-Type. Type and parameter names are lower case, values as they came. */
export type MediaType = { type: string; parameters: Readonly<Record<string, string>> };
export type MediaRange = MediaType & { q: number };

/** Splits at a delimiter that stands in no quoted string. */
function splitOutsideQuotes(text: string, delimiter: string): string[] {
  const parts: string[] = [];
  let [from, isQuoted] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    if (isQuoted && text[at] === "\\") at += 1;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && text[at] === delimiter) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

const unquoted = (text: string): string => {
  const quoted = /^"(.*)"$/s.exec(text.trim())?.[1];
  return quoted === undefined ? text.trim() : quoted.replace(/\\(.)/gs, "$1");
};

/**
 * A media type in every spelling that clients send: quoted and unquoted parameters (`type=application/dicom` is no token
 * by RFC 9110 and common), spaces around delimiters, a semicolon at the end.
 *
 * @returns `undefined` where there is no `type/subtype`.
 * @see RFC 9110 §8.3.1
 */
export function parseMediaType(text: string): MediaType | undefined {
  const [first = "", ...rest] = splitOutsideQuotes(text, ";");
  const type = first.trim().toLowerCase();
  if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return undefined;
  const parameters = rest.flatMap((part): [string, string][] => {
    const at = part.indexOf("=");
    return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), unquoted(part.slice(at + 1))]];
  });
  return { type, parameters: Object.fromEntries(parameters) };
}

const qualityOf = (q: string | undefined): number => {
  const value = q === undefined ? 1 : Number(q);
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 1;
};

/**
 * The media ranges of an Accept header, the most wanted first; equal ones in the order in which they stand. What is refused
 * by `q=0` is left out.
 *
 * @see RFC 9110 §12.5.1; DICOM PS3.18 §8.7 (content negotiation)
 */
export function parseAccept(header: string): MediaRange[] {
  return splitOutsideQuotes(header, ",")
    .flatMap((text) => {
      const parsed = parseMediaType(text);
      if (!parsed) return [];
      const { q, ...parameters } = parsed.parameters;
      return [{ type: parsed.type, parameters, q: qualityOf(q) }];
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
}
