import type { PassedTest } from "../safety/hazards.ts";

/** What one step of `npm test` found. `leftOut` names tests that this machine lacks an outside tool for. */
export type Outcome = {
  passed: number;
  failed: number;
  leftOut: string[];
  failures: string[];
  /** Which tests passed, by file: what the safety case rests on. */
  passedTests?: PassedTest[];
};

export type Step = {
  name: string;
  promise: string;
  isSoakOnly?: boolean;
  run(options: { isSoak: boolean; before: readonly Outcome[] }): Promise<Outcome>;
};

export const sum = (outcomes: readonly Outcome[]): Outcome => ({
  passed: outcomes.reduce((total, outcome) => total + outcome.passed, 0),
  failed: outcomes.reduce((total, outcome) => total + outcome.failed, 0),
  leftOut: outcomes.flatMap((outcome) => outcome.leftOut),
  failures: outcomes.flatMap((outcome) => outcome.failures),
});

export function print(name: string, outcome: Outcome, seconds: number): void {
  console.log(`-- ${name}: ${outcome.passed} passed, ${outcome.failed} failed (${seconds.toFixed(1)} s)`);
}
