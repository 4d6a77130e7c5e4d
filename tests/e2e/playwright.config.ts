import { defineConfig } from "@playwright/test";
import { browserOptions } from "./browser.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  globalSetup: "./start-region.ts",
  // One region and software rendering on two cores: one journey at a time, and none is tried twice.
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // Small grey pictures of what hangs: one of each place, for every machine (baselines.spec.ts).
  snapshotPathTemplate: "{testDir}/baselines/{arg}{ext}",
  updateSnapshots: "none",
  outputDir: "../../test-results",
  reporter: [
    ["list"],
    ["json", { outputFile: process.env.WEALD_E2E_REPORT ?? "../../test-results/report.json" }],
  ],
  use: {
    viewport: { width: 1280, height: 720 },
    locale: "en-GB",
    timezoneId: "Europe/London",
    screenshot: "only-on-failure",
    launchOptions: await browserOptions(),
  },
});
