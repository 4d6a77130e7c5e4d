const MOST = 280;
const HEADING = /^\s*(impression|conclusion|opinion|summary|comment)s?\s*[:.-]\s*/i;

const cut = (text: string): string => (text.length <= MOST ? text : `${text.slice(0, MOST).trimEnd()} …`);

/**
 * What a report comes to, for a glance: from its own heading to the end of that part, else its first two lines. It is the
 * report's own words, never a summary of ours; "…" says that more stands there.
 */
export function impressionOf(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const at = lines.findIndex((line) => HEADING.test(line));
  if (at < 0) {
    const spoken = lines.filter(Boolean);
    const first = spoken.slice(0, 2).join(" ");
    return spoken.length > 2 ? `${cut(first).replace(/ …$/, "")} …` : cut(first);
  }
  const own = [lines[at]?.replace(HEADING, "") ?? "", ...lines.slice(at + 1)];
  const end = own.findIndex((line, index) => index > 0 && line === "" && own[index - 1] !== "");
  return cut((end < 0 ? own : own.slice(0, end)).filter(Boolean).join(" "));
}
