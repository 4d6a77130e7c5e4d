import { appendFileSync } from "node:fs";
import path from "node:path";

/** What each command refuses by itself says what to do; these are said by the system, and need a word more. */
const WHAT_TO_DO: Record<string, string> = {
  ENOSPC: "The disk is full. Free 500 MB, or move WEALD_HOME",
  EDQUOT: "The disk is full. Free 500 MB, or move WEALD_HOME",
  EACCES: "This can't be read or written by whoever runs Weald. Change its owner, or choose another place",
  EROFS: "This can't be written. Choose another place",
  ECONNREFUSED: "Something that should run does not answer. Ask: npm run status",
  ECONNRESET: "Something that should run has just ended. Ask: npm run status",
};

type Coded = Error & { code: string };
const isCoded = (error: unknown): error is Coded =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code !== "";

const placeOf = (error: Error) =>
  "path" in error && typeof error.path === "string" ? ` (${error.path})` : "";
const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";

/** What nobody foresaw goes to a file with all that is known of it; the terminal gets one line. */
function keep(error: unknown, home: string): string {
  const file = path.join(home, "logs/weald.log");
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    appendFileSync(file, `${new Date().toISOString()} ${told}\n`, { mode: 0o600 });
    return ` More in ${file}.`;
  } catch {
    return "";
  }
}

/** One line that says what is wrong and what to do, and the code with which the command ends: 2 for wrong usage. */
export function sayWhy(error: unknown, home: string): { line: string; exitCode: number } {
  if (isCoded(error) && error.code.startsWith("ERR_PARSE_ARGS"))
    return { line: `${firstLine(error.message)} [USAGE]`, exitCode: 2 };
  if (isCoded(error)) {
    const more = WHAT_TO_DO[error.code];
    return {
      line: `${more ? `${more}${placeOf(error)}.` : firstLine(error.message)} [${error.code}]`,
      exitCode: 1,
    };
  }
  const what = error instanceof Error ? firstLine(error.message) : "Something unforeseen happened.";
  return { line: `${what}${keep(error, home)} [UNFORESEEN]`, exitCode: 1 };
}
