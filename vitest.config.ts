import { defineConfig } from "vitest/config";

/** These mock modules or import them anew: each has its own process. */
const APART = [
  "packages/core/src/audit/balp.test.ts",
  "packages/core/src/consent/fhir-consent.test.ts",
  "tests/integration/export.test.ts",
  "tests/integration/links/door.test.ts",
  "tests/integration/portal-doors.test.ts",
];
const NEVER = ["**/node_modules/**", "**/.next/**"];

const common = {
  environment: "node",
  pool: "forks",
  testTimeout: 60_000,
  hookTimeout: 120_000,
} as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: "together",
          include: [
            "packages/**/*.test.ts",
            "apps/**/*.test.ts",
            "tests/{architecture,contract,integration,infra,safety}/**/*.test.ts",
          ],
          exclude: [...NEVER, ...APART],
          globalSetup: ["packages/dev-env/src/postgres/vitest-global-setup.ts"],
          // A process goes on to the next file with the modules that it has read: reading them took more time than half of the tests.
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: "apart",
          include: APART,
          exclude: NEVER,
          globalSetup: ["packages/dev-env/src/postgres/vitest-global-setup.ts"],
        },
      },
    ],
  },
});
