/** Ids, codes and counts only: never a name, a number, a UID or a token. */
export type LogLine = {
  level: "info" | "warn" | "error";
  event: string;
  [field: string]: string | number | boolean | undefined;
};

export type Log = (line: LogLine) => void;

/** A line of JSON on standard output, where systemd's journal takes it. */
export const logToStandardOutput: Log = (line) =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
