import path from "node:path";
import { startVitest } from "vitest/node";
import { FAULTS } from "./faults.ts";
import { planting } from "./plant.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../..");
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Each fault's guard, with the fault in what it tests, and such guards of others as stand beside it; says as JSON what became of each. */
const vitest = await startVitest("test", [], {
  ...{ root: ROOT, config: false, watch: false, reporters: [{}], maxWorkers: 2 },
  testNamePattern: new RegExp(`(${FAULTS.map(({ seenBy }) => escaped(seenBy.test)).join("|")})$`),
  projects: FAULTS.map((fault) => ({
    plugins: [planting(fault)],
    test: {
      ...{ name: fault.name, include: [fault.seenBy.file], root: ROOT },
      ...{ environment: "node" as const, pool: "forks" as const, testTimeout: 60_000, hookTimeout: 120_000 },
    },
  })),
});
const said = vitest.state.getTestModules().map((module) => {
  const tests = [...module.children.allTests()].filter((test) => test.result().state !== "skipped");
  return {
    fault: module.project.name,
    loads: module.errors().map(({ message }) => message),
    tests: tests.map((test) => ({
      name: test.name,
      state: test.result().state,
      errors: (test.result().errors ?? []).map(({ name, message }) => `${name}: ${message}`),
    })),
  };
});
await vitest.close();
process.exitCode = 0;
process.stdout.write(`\n${JSON.stringify(said)}\n`);
