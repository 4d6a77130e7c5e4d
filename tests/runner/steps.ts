import path from "node:path";
import pMap from "p-map";
import { faultsOf, readHazards, safetyCase } from "../safety/hazards.ts";
import type { Outcome, Step } from "./outcome.ts";

import { ROOT, runCommand } from "./run-command.ts";
import { runPlaywright, runVitest } from "./suites.ts";

const one = (name: string, isGood: boolean): Outcome => ({
  passed: isGood ? 1 : 0,
  failed: isGood ? 0 : 1,
  leftOut: [],
  failures: isGood ? [] : [name],
});

const command = (name: string, promise: string, program: string, args: string[]): Step => ({
  name,
  promise,
  run: async () => one(name, (await runCommand(program, args)).code === 0),
});

/** One program for all that runs in Node, so that what they share is checked once; those that know a browser apart. */
const INFRA = "tsconfig.infra.json";
const PROGRAMS = ["tsconfig.node.json", "apps/edge", "tsconfig.proofs.json", "apps/web", INFRA];

const types: Step = {
  name: "types",
  promise: "every project is free of type errors",
  async run() {
    // SST's types of `sst`, `aws` and the rest lie in .sst/, which a clean clone hasn't.
    const installing = runCommand("tsx", ["tests/infra/install-sst.ts"]);
    await runCommand("next", ["typegen"], { cwd: path.join(ROOT, "apps/web") });
    const outcomes = await pMap(
      PROGRAMS,
      async (project) => {
        const isReady = project !== INFRA || (await installing).code === 0;
        const ran = isReady && (await runCommand("tsc", ["-p", project, "--noEmit"])).code === 0;
        return one(`types of ${project}`, ran);
      },
      { concurrency: 2 },
    );
    return {
      passed: outcomes.filter((outcome) => outcome.failed === 0).length,
      failed: outcomes.filter((outcome) => outcome.failed > 0).length,
      leftOut: [],
      failures: outcomes.flatMap((outcome) => outcome.failures),
    };
  },
};

/** Tests of what asks for images, through doors and actions: in a region that folds each series as soon as it has settled. */
const FOLDED = [
  "tests/contract/dicomweb/query",
  "tests/contract/dicomweb/retrieve",
  "tests/integration/access/site-mask.test.ts",
  "tests/integration/conflicts.test.ts",
  "tests/integration/copies.test.ts",
  "tests/integration/corrections",
  "tests/integration/export.test.ts",
  "tests/integration/links/attacks.test.ts",
  "tests/integration/links/key-images.test.ts",
  "tests/integration/links/parts.test.ts",
  "tests/integration/links/scope.test.ts",
  "tests/integration/pictures.test.ts",
  "tests/integration/reading-matrix.test.ts",
  "tests/integration/same-uid.test.ts",
  "tests/integration/served.test.ts",
];

/** In the order in which a failure says most. */
export const steps: readonly Step[] = [
  command("generate", "the database client is made from the schema", "pnpm", ["run", "--silent", "generate"]),
  types,
  command("lint", "Biome finds no error", "biome", ["check", ".", "--diagnostic-level=error"]),
  {
    name: "vitest",
    promise: "unit, architecture, contract, integration and infra tests",
    run: ({ isSoak }) =>
      runVitest(["run", "--reporter=dot", "--reporter=json"], {
        WEALD_FUZZ_SECONDS: isSoak ? "600" : "20",
        WEALD_CRASH_KILLS: isSoak ? "100" : "10",
        WEALD_SOAK: isSoak ? "1" : "",
      }),
  },
  {
    name: "folded",
    promise: "what reads, corrects and sends out images does the same by blocks alone (ADR 0032)",
    isSoakOnly: true,
    run: () => runVitest(["run", ...FOLDED, "--reporter=dot", "--reporter=json"], { WEALD_TEST_FOLDED: "1" }),
  },
  {
    name: "e2e",
    promise: "journeys in a real browser, against a region as npm start makes it",
    run: () => runPlaywright([]),
  },
  {
    name: "safety",
    promise: "every control in the hazard log has its passing test",
    async run({ before }) {
      const passed = before.flatMap(({ passedTests = [] }) => passedTests);
      const hazards = readHazards(ROOT);
      const faults = faultsOf(hazards, passed);
      console.log(safetyCase(hazards, passed).join("\n"));
      return { passed: faults.length === 0 ? 1 : 0, failed: faults.length, leftOut: [], failures: faults };
    },
  },
];
