import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { outputSays } from "../lifecycle/logs-say-nothing.ts";
import type { Outcome } from "./outcome.ts";
import { type Ran, ROOT, runCommand } from "./run-command.ts";

const VitestReport = z.object({
  numPassedTests: z.number(),
  numTotalTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});

const PlaywrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(
        z.object({ duration: z.number(), error: z.object({ message: z.string().optional() }).optional() }),
      ),
    }),
  ),
});
type PlaywrightSpec = z.infer<typeof PlaywrightSpec>;
type PlaywrightSuite = { specs: PlaywrightSpec[]; suites?: PlaywrightSuite[] | undefined };
const PlaywrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  specs: z.array(PlaywrightSpec),
  suites: z.lazy(() => z.array(PlaywrightSuite)).optional(),
});
const PlaywrightReport = z.object({
  suites: z.array(PlaywrightSuite),
  errors: z.array(z.object({ message: z.string().optional() })),
  stats: z.object({ expected: z.number() }),
});

/** Tests print `LEFT OUT name: tool` themselves where they lack a tool; here the lines are only collected. */
export const leftOutIn = (output: string): string[] => [
  ...new Set([...output.matchAll(/LEFT OUT ([^\n]+)/g)].map((match) => (match[1] ?? "").trim())),
];

async function withReport<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-report-"));
  try {
    return await work(path.join(folder, "report.json"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Vitest and counts from its own report: a test that is skipped without a LEFT OUT line counts as failed. */
export const runVitest = (args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> =>
  withReport(async (file) => {
    const ran = await runCommand("vitest", [...args, `--outputFile=${file}`], { env, isShown: true });
    return countVitest(VitestReport.parse(JSON.parse(readFileSync(file, "utf8"))), ran);
  });

/** Runs Playwright and counts from its own report. A test that passed only when tried again is a failed one. */
export const runPlaywright = (args: string[]): Promise<Outcome> =>
  withReport(async (file) => {
    const env = { WEALD_E2E_REPORT: file };
    const ran = await runCommand("playwright", ["test", "-c", "tests/e2e/playwright.config.ts", ...args], {
      env,
      isShown: true,
    });
    return countPlaywright(PlaywrightReport.parse(JSON.parse(readFileSync(file, "utf8"))), ran);
  });

/** Where the time goes: what is slow is found in what CI printed. */
function printSlowest(took: readonly { name: string; ms: number }[]): void {
  const slowest = [...took].sort((a, b) => b.ms - a.ms).slice(0, 12);
  console.log(`slowest: ${slowest.map(({ name, ms }) => `${name} ${Math.round(ms / 1000)} s`).join(", ")}`);
}

/** Every log line of every test is searched, and a leak is a failure: its kind, never its words. */
const leaksIn = ({ output }: Ran): string[] => [
  ...new Set(outputSays(output).map(({ file, what }) => `${what} stands in a log line of ${file}`)),
];

/** What failed with the beginning of why, on one line: of a long run's output often the end alone is at hand. */
function withReason(title: string, message = ""): string {
  const said = stripVTControlCharacters(message).replace(/\s+/g, " ").trim();
  return said ? `${title}: ${said.slice(0, REASON_CHARACTERS)}` : title;
}
const REASON_CHARACTERS = 900;

function specsOf(suites: readonly PlaywrightSuite[]): PlaywrightSpec[] {
  return suites.flatMap(({ specs, suites: inner }) => [...specs, ...specsOf(inner ?? [])]);
}

function countPlaywright(report: z.infer<typeof PlaywrightReport>, ran: Ran): Outcome {
  const byFile = new Map<string, number>();
  for (const { file, tests } of specsOf(report.suites))
    for (const { duration } of tests.flatMap(({ results }) => results))
      byFile.set(file, (byFile.get(file) ?? 0) + duration);
  printSlowest([...byFile].map(([name, ms]) => ({ name, ms })));
  const { expected } = report.stats;
  const failures = [
    ...specsOf(report.suites).flatMap(({ title, tests }) =>
      tests.some(({ status }) => status !== "expected")
        ? [withReason(title, tests.flatMap(({ results }) => results.map(({ error }) => error?.message))[0])]
        : [],
    ),
    ...report.errors.map(({ message }) => message ?? "playwright ended with an error of its own"),
    ...leaksIn(ran),
  ];
  if (ran.code !== 0 && failures.length === 0) failures.push("playwright ended with an error of its own");
  if (expected === 0 && failures.length === 0) failures.push("playwright ran no test");
  const passedTests = specsOf(report.suites).flatMap(({ title, file, tests }) =>
    tests.every(({ status }) => status === "expected") ? [{ file: `tests/e2e/${file}`, title }] : [],
  );
  return { passed: expected, failed: failures.length, leftOut: leftOutIn(ran.output), failures, passedTests };
}

function countVitest(report: z.infer<typeof VitestReport>, ran: Ran): Outcome {
  printSlowest(
    report.testResults.map(({ name, startTime, endTime }) => ({
      name: path.relative(ROOT, name),
      ms: endTime - startTime,
    })),
  );
  const leftOut = leftOutIn(ran.output);
  const failures: string[] = leaksIn(ran);
  for (const file of report.testResults) {
    const bad = file.assertionResults.filter((result) => result.status === "failed");
    failures.push(...bad.map(({ fullName, failureMessages }) => withReason(fullName, failureMessages?.[0])));
    if (file.status === "failed" && bad.length === 0) failures.push(`${file.name}: ${file.message ?? ""}`);
    const skipped = file.assertionResults.filter((result) => !["passed", "failed"].includes(result.status));
    if (skipped.length > 0 && leftOut.length === 0)
      failures.push(...skipped.map((result) => `skipped without a word: ${result.fullName}`));
  }
  if (ran.code !== 0 && failures.length === 0) failures.push("vitest ended with an error of its own");
  const passedTests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "passed")
      .map(({ fullName }) => ({ file: path.relative(ROOT, name), title: fullName })),
  );
  return { passed: report.numPassedTests, failed: failures.length, leftOut, failures, passedTests };
}
