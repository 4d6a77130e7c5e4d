import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const SEVERITIES = ["minor", "significant", "considerable", "major", "catastrophic"] as const;
const LIKELIHOODS = ["very-low", "low", "medium", "high", "very-high"] as const;

/** Risk 1 (acceptable) to 5 (unacceptable). @see NHS Digital, DCB0129 clinical risk matrix */
const MATRIX: Record<(typeof LIKELIHOODS)[number], readonly [number, number, number, number, number]> = {
  "very-low": [1, 1, 2, 2, 3],
  low: [1, 2, 2, 3, 4],
  medium: [2, 2, 3, 3, 4],
  high: [2, 3, 3, 4, 5],
  "very-high": [3, 4, 4, 5, 5],
};
export const HIGH = 4;

const Risk = z.strictObject({ severity: z.enum(SEVERITIES), likelihood: z.enum(LIKELIHOODS) });
export type Risk = z.infer<typeof Risk>;

/** A test that stands for a control: its file, and words of its title. */
const TestRef = z.strictObject({ file: z.string(), title: z.string().min(8) });
export type TestRef = z.infer<typeof TestRef>;

const Control = z.union([
  z.strictObject({ control: z.string(), tests: z.array(TestRef).min(1) }),
  // What a later issue brings. It lowers no risk yet.
  z.strictObject({ planned: z.string(), issue: z.number().int() }),
]);

export const Hazards = z.strictObject({
  hazards: z
    .array(
      z.strictObject({
        id: z.string().regex(/^H\d{2}$/),
        hazard: z.string(),
        cause: z.string(),
        effect: z.string(),
        before: Risk,
        after: Risk,
        controls: z.array(Control).min(1),
      }),
    )
    .min(1),
});
export type Hazards = z.infer<typeof Hazards>;
export type Hazard = Hazards["hazards"][number];

export const riskOf = ({ severity, likelihood }: Risk): number =>
  MATRIX[likelihood][SEVERITIES.indexOf(severity)] ?? 5;

export const readHazards = (root: string): Hazards =>
  Hazards.parse(parse(readFileSync(path.join(root, "docs/clinical-safety/hazards.yaml"), "utf8")));

/** A test that ran and passed. `needs` names the outside tool without which it is left out. */
export type PassedTest = { file: string; title: string };

const isPassed = (ref: TestRef, passed: readonly PassedTest[]): boolean =>
  passed.some(({ file, title }) => file === ref.file && title.includes(ref.title));

/** What is wrong with the safety case: a control without its passing test, a hazard that nothing lowers. */
export function faultsOf({ hazards }: Hazards, passed: readonly PassedTest[]): string[] {
  const ids = hazards.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} stands twice`);
  return [...twice, ...hazards.flatMap((hazard) => faultsOfOne(hazard, passed))];
}

function faultsOfOne({ id, before, after, controls }: Hazard, passed: readonly PassedTest[]): string[] {
  const standing = controls.flatMap((control) => ("tests" in control ? [control] : []));
  const faults = standing.flatMap(({ control, tests }) =>
    tests
      .filter((ref) => !isPassed(ref, passed))
      .map((ref) => `${id}: "${control}" has no passing test "${ref.title}" in ${ref.file}`),
  );
  if (riskOf(after) > riskOf(before)) faults.push(`${id}: its risk grows`);
  if (standing.length === 0 && riskOf(after) < riskOf(before))
    faults.push(`${id}: nothing that stands lowers its risk`);
  return faults;
}

/** The safety case in lines: each hazard, its risk before and after, and by what. */
export function safetyCase({ hazards }: Hazards, passed: readonly PassedTest[]): string[] {
  return hazards.map((hazard) => {
    const { id, before, after, controls } = hazard;
    const standing = controls.flatMap((control) => ("tests" in control ? control.tests : []));
    const good = standing.filter((ref) => isPassed(ref, passed)).length;
    const planned = controls.flatMap((control) => ("issue" in control ? [`issue ${control.issue}`] : []));
    const later = planned.length > 0 ? `, later: ${[...new Set(planned)].join(", ")}` : "";
    return `  ${id} ${hazard.hazard}: risk ${riskOf(before)} → ${riskOf(after)}${riskOf(before) >= HIGH ? " (high)" : ""}, ${good} of ${standing.length} tests passed${later}`;
  });
}
