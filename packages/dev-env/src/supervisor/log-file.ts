import { appendFileSync, existsSync, renameSync, statSync } from "node:fs";
import path from "node:path";

const MOST_BYTES = 10 * 1024 ** 2;

/** One log a part, in WEALD_HOME/logs; a full one becomes `.1`. A line that can't be written stops nobody's work. */
export function logFile(home: string, part: string): (line: string) => void {
  const file = path.join(home, "logs", `${part}.log`);
  let size = existsSync(file) ? statSync(file).size : 0;
  return (line) => {
    const text = `${line.trimEnd()}\n`;
    try {
      if (size + text.length > MOST_BYTES) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, text, { mode: 0o600 });
      size += text.length;
    } catch {
      // The disk is full: the watch of the disk says so.
    }
  };
}

export const jsonLine =
  (write: (line: string) => void) =>
  (line: Record<string, unknown>): void =>
    write(JSON.stringify({ at: new Date().toISOString(), ...line }));
