import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import type { Outcome } from "./outcome.ts";
import { runCommand } from "./run-command.ts";

const VitestReport = z.object({
  numPassedTests: z.number(),
  numTotalTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** Tests print `LEFT OUT name: tool` themselves where they lack a tool; here the lines are only collected. */
export const leftOutIn = (output: string): string[] => [
  ...new Set([...output.matchAll(/LEFT OUT ([^\n]+)/g)].map((match) => (match[1] ?? "").trim())),
];

/** Runs Vitest and counts from its own report: a test that is skipped without a LEFT OUT line counts as failed. */
export async function runSuite(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-report-"));
  const file = path.join(folder, "report.json");
  try {
    const ran = await runCommand(program, [...args, `--outputFile=${file}`], { env, isShown: true });
    return countVitest(VitestReport.parse(JSON.parse(readFileSync(file, "utf8"))), ran);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countVitest(report: z.infer<typeof VitestReport>, ran: { code: number; output: string }): Outcome {
  const leftOut = leftOutIn(ran.output);
  const failures: string[] = [];
  for (const file of report.testResults) {
    const bad = file.assertionResults.filter((result) => result.status === "failed");
    failures.push(...bad.map((result) => result.fullName));
    if (file.status === "failed" && bad.length === 0) failures.push(`${file.name}: ${file.message ?? ""}`);
    const skipped = file.assertionResults.filter((result) => !["passed", "failed"].includes(result.status));
    if (skipped.length > 0 && leftOut.length === 0)
      failures.push(...skipped.map((result) => `skipped without a word: ${result.fullName}`));
  }
  if (ran.code !== 0 && failures.length === 0) failures.push("vitest ended with an error of its own");
  return { passed: report.numPassedTests, failed: failures.length, leftOut, failures };
}
