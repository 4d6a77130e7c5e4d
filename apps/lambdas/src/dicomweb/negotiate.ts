import { refuse } from "./door.ts";
import type { DoorRequest } from "./respond.ts";

type Range = { type: string; parameters: Readonly<Record<string, string>>; q: number };

const unquoted = (text: string) => text.trim().replace(/^"(.*)"$/, "$1");

/** One media range of an Accept field. */
function rangeOf(text: string): Range {
  const [type = "", ...rest] = text.split(";");
  const parameters = Object.fromEntries(
    rest.map((parameter) => {
      const [name = "", ...value] = parameter.split("=");
      return [name.trim().toLowerCase(), unquoted(value.join("=")).toLowerCase()];
    }),
  );
  const q = Number(parameters.q ?? 1);
  return { type: type.trim().toLowerCase(), parameters, q: Number.isFinite(q) ? q : 0 };
}

/** The `accept` parameter stands before the header; a plus sign in it may have become a space. @see DICOM PS3.18 §8.3.3.1 */
function wantedBy({ headers, query }: DoorRequest): Range[] {
  const asked = query.getAll("accept").map((text) => text.replaceAll(" ", "+"));
  const text = asked.length > 0 ? asked.join(",") : (headers.accept ?? "");
  return text
    .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .filter((range) => range.trim() !== "")
    .map(rangeOf);
}

const covers = ({ type }: Range, offered: string) =>
  type === "*/*" || type === offered || (type.endsWith("/*") && offered.startsWith(type.slice(0, -1)));

const isXml = ({ type, parameters }: Range) =>
  type === "application/dicom+xml" ||
  (type === "multipart/related" && parameters.type === "application/dicom+xml");

/**
 * The first of what is offered that the caller takes, by the caller's own order; the first offered without a wish.
 *
 * @throws {DoorRefused} 406
 */
export function negotiate(request: DoorRequest, offered: readonly [string, ...string[]]): string {
  const stated = wantedBy(request);
  if (stated.length === 0) return offered[0];
  const wanted = stated.filter(({ q }) => q > 0).sort((a, b) => b.q - a.q);
  for (const range of wanted) {
    const found = offered.find((type) => covers(range, type));
    if (found) return found;
  }
  const later = wanted.some(isXml) ? " DICOM XML comes later." : "";
  return refuse("unsupported", "NOT_ACCEPTABLE", `This is given as ${offered.join(" or ")}.${later}`);
}
