// `npm test`: everything, in order, ending in one line `N passed, N failed`. `--only NAME` runs one step, `--soak` the long forms.
import { type Outcome, print, sum } from "./runner/outcome.ts";
import { steps } from "./runner/steps.ts";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
const isSoak = args.includes("--soak");

const chosen = steps.filter((step) => (only ? step.name === only : isSoak || !step.isSoakOnly));
if (only && chosen.length === 0) {
  console.error(`No step is called ${only}. There are: ${steps.map((step) => step.name).join(", ")}.`);
  process.exit(2);
}

const outcomes: Outcome[] = [];
for (const step of chosen) {
  const began = performance.now();
  process.stdout.write(`\n== ${step.name}: ${step.promise}\n`);
  const outcome = await step.run({ isSoak, before: outcomes }).catch((error: unknown) => ({
    passed: 0,
    failed: 1,
    leftOut: [],
    failures: [error instanceof Error ? error.message : String(error)],
  }));
  outcomes.push(outcome);
  print(step.name, outcome, (performance.now() - began) / 1000);
}

const total = sum(outcomes);
for (const failure of total.failures) console.log(`FAILED ${failure}`);
for (const leftOut of total.leftOut) console.log(`LEFT OUT ${leftOut}`);
// A machine that promises every tool (CI) counts what was left out as failed.
const failed = total.failed + (process.env.WEALD_ALL_TOOLS ? total.leftOut.length : 0);
console.log(`${total.passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
