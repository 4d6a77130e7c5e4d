import { createInterface } from "node:readline/promises";

/** A typed yes, or `--yes` where nobody sits at a terminal. */
export async function isSure(question: string, isYes: boolean): Promise<boolean> {
  if (isYes) return true;
  if (!process.stdin.isTTY) {
    console.error(`${question} Say --yes to do it without a terminal.`);
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(`${question} Type yes: `);
  lines.close();
  return answer.trim().toLowerCase() === "yes";
}
