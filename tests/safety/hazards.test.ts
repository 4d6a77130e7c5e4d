import { describe, expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";
import { faultsOf, type Hazard, Hazards, HIGH, readHazards, riskOf } from "./hazards.ts";

const ref = { file: "tests/e2e/a.spec.ts", title: "a short study says so" };
const hazard = (more: Partial<Hazard> = {}): Hazard => ({
  id: "H01",
  hazard: "partial as complete",
  cause: "a line is cut",
  effect: "a finding is missed",
  before: { severity: "major", likelihood: "high" },
  after: { severity: "major", likelihood: "low" },
  controls: [{ control: "the count stands as text", tests: [ref] }],
  ...more,
});

describe("the hazard log", () => {
  it("is read as it stands in docs/clinical-safety, and holds the hazards that were named from the start", () => {
    const { hazards } = readHazards(ROOT);
    const words = hazards.map((one) => one.hazard).join("\n");
    for (const named of [
      /another patient/i,
      /wrong side/i,
      /prior .* current/i,
      /partial .* complete/i,
      /reduced detail/i,
      /length/i,
      /report/i,
      /correction/i,
      /prior .* hidden/i,
      /two .* report/i,
      /emergency/i,
      /sensitive/i,
      /link/i,
      /before .* told/i,
    ])
      expect(words).toMatch(named);
  });

  it("fails for a control whose test did not run or did not pass", () => {
    expect(faultsOf({ hazards: [hazard()] }, [])).toEqual([
      'H01: "the count stands as text" has no passing test "a short study says so" in tests/e2e/a.spec.ts',
    ]);
    expect(faultsOf({ hazards: [hazard()] }, [{ file: ref.file, title: `in a list ${ref.title}` }])).toEqual(
      [],
    );
  });

  it("lowers no risk by what is only planned", () => {
    const planned = hazard({ controls: [{ planned: "break-glass", issue: 4 }] });
    expect(faultsOf({ hazards: [planned] }, [])).toEqual(["H01: nothing that stands lowers its risk"]);
    expect(faultsOf({ hazards: [{ ...planned, after: planned.before }] }, [])).toEqual([]);
  });

  it("refuses a hazard without controls, an unknown field, an id that stands twice, a risk that grows", () => {
    expect(Hazards.safeParse({ hazards: [hazard({ controls: [] })] }).success).toBe(false);
    expect(Hazards.safeParse({ hazards: [{ ...hazard(), owner: "x" }] }).success).toBe(false);
    const passed = [{ file: ref.file, title: ref.title }];
    expect(faultsOf({ hazards: [hazard(), hazard()] }, passed)).toContain("H01 stands twice");
    const growing = hazard({ after: { severity: "catastrophic", likelihood: "very-high" } });
    expect(faultsOf({ hazards: [growing] }, passed)).toEqual(["H01: its risk grows"]);
  });

  it("counts risk by the matrix of DCB0129", () => {
    expect(riskOf({ severity: "catastrophic", likelihood: "very-low" })).toBe(3);
    expect(riskOf({ severity: "minor", likelihood: "very-high" })).toBe(3);
    expect(riskOf({ severity: "major", likelihood: "high" })).toBe(HIGH);
  });
});
