import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const TABLE = path.resolve(import.meta.dirname, "../../../docs/access-matrix-doors.md");
const HEAD = `# Who may do what, by other doors

What [access-matrix.md](access-matrix.md) is for the procedures of the portal, this is for DICOMweb, for signed URLs and for our own
functions. Written by \`tests/integration/access/doors.test.ts\` and compared there cell by cell; what can be asked is enumerated from the
code, so that a new route, URL or function without its row fails. \`WEALD_WRITE_MATRIX=1\` writes it anew: read what changed.
`;

const isWriting = Boolean(process.env.WEALD_WRITE_MATRIX);
const written = new Map<string, string[]>();

const rowOf = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** A section of the page: a few lines of words, then its table. */
export function sectionOf(words: readonly string[], heads: readonly string[], lines: readonly string[][]) {
  return [...words, "", rowOf(heads), `|${"---|".repeat(heads.length)}`, ...lines.map(rowOf)];
}

/** What the page has below this heading. While it is written anew: what was just found. */
export function kept(heading: string, found: string[]): string[] {
  if (isWriting) written.set(heading, found);
  if (isWriting) return found;
  const page = existsSync(TABLE) ? readFileSync(TABLE, "utf8") : "";
  const section = page.split("\n## ").find((one) => one.startsWith(`${heading}\n`)) ?? "";
  return section.split("\n").slice(2, -1);
}

/** Once all sections were found anew. */
export function writeAnew(): void {
  if (!isWriting) return;
  const sections = [...written].map(([heading, lines]) => `\n## ${heading}\n\n${lines.join("\n")}\n`);
  writeFileSync(TABLE, `${HEAD}${sections.join("")}`);
}
