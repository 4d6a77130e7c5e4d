import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checks } from "./checks.ts";
import { evaluated, root } from "./evaluated.ts";
import type { Graph } from "./graph.ts";
import { declarationsOf, manifestOf } from "./manifest-of.ts";
import { type Planted, withPlanted } from "./planted.ts";

const EVALUATES_WITHIN_MS = 300_000;

/** Each override of an SST default taken away, or its contrary written: which promise that breaks, and how it is seen. */
const MISTAKES: (Planted & { breaks: string; seen: RegExp })[] = [
  {
    breaks: "narrowGrants",
    seen: /ArrivalsSubscriber\w* may .*s3:\*/,
    file: "infra/ingest.ts",
    from: "link: [inboxWork, archiveWrite, db, storageIdSecret]",
    to: "link: [inboxWork, inbox, archiveWrite, db, storageIdSecret]",
  },
  {
    breaks: "noWildcards",
    seen: /SettleSeriesHandlerRole: sqs:\*/,
    file: "infra/ingest.ts",
    from: '"rate(1 minute)", [db])',
    to: '"rate(1 minute)", [db, routine.queue])',
  },
  {
    breaks: "secrets",
    seen: /RelayOutboxHandler has StorageIdSecret/,
    file: "infra/ingest.ts",
    from: "[db, factsSend])",
    to: "[db, factsSend, storageIdSecret])",
  },
  {
    breaks: "notifiedQueues",
    seen: /no condition/,
    file: "infra/ingest.ts",
    from: 'conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [inbox.arn] }],',
    to: "",
  },
  {
    breaks: "partialResponses",
    seen: /answers for whole batches/,
    file: "infra/ingest.ts",
    from: ", partialResponses: true",
    to: "",
  },
  {
    breaks: "historyHeldBack",
    seen: /BulkArrivals\w* may have any number of executions/,
    file: "infra/ingest.ts",
    from: "maximumConcurrency: BULK_AT_ONCE",
    to: "",
  },
  {
    breaks: "protectedUrls",
    seen: /open to anyone/,
    file: "infra/web.ts",
    from: '{ protection: "oac" }',
    to: "{}",
  },
  {
    breaks: "linkedSecrets",
    seen: /AnotherSecret/,
    file: "infra/web.ts",
    from: 'new sst.Secret("SessionSecret")',
    to: 'new sst.Secret("SessionSecret"); new sst.Secret("AnotherSecret", "x")',
  },
  {
    breaks: "databaseKept",
    seen: /skipFinalSnapshot is true/,
    file: "infra/database.ts",
    from: "args.skipFinalSnapshot = !isProduction;",
    to: "",
  },
  {
    breaks: "databaseVersion",
    seen: /Aurora is 17\.5/,
    file: "infra/database.ts",
    from: 'POSTGRES = "18.4"',
    to: 'POSTGRES = "17.5"',
  },
  {
    breaks: "runtimeRole",
    seen: /SweepSharesHandler is the tables' owner/,
    file: "infra/ingest.ts",
    from: '"rate(1 hour)", [db, sharesSweep])',
    to: '"rate(1 hour)", [given.cluster, sharesSweep])',
  },
  {
    breaks: "migratedFirst",
    seen: /SettleSeriesHandler doesn't wait for migrations/,
    file: "infra/database.ts",
    from: "$util.all([cluster.host, migrated.result]).apply(([host]) => host)",
    to: "cluster.host",
  },
  {
    breaks: "imagesPastNat",
    seen: /Private\w* goes to S3 by NAT/,
    file: "infra/database.ts",
    from: "tables.map(({ id }) => id)",
    to: "tables.slice(1).map(({ id }) => id)",
  },
  {
    breaks: "visibility",
    seen: /ArrivalsQueue: 660 s for 120 s/,
    file: "infra/queues.ts",
    from: "VISIBILITY_MINUTES = 12",
    to: "VISIBILITY_MINUTES = 11",
  },
  {
    breaks: "deadLetters",
    seen: /FactsQueue has no dead letters/,
    file: "infra/queues.ts",
    from: "dlq: { queue: deadLetters.arn, retry: 5 },",
    to: '...(name === "Facts" ? {} : { dlq: { queue: deadLetters.arn, retry: 5 } }),',
  },
  {
    breaks: "cors",
    seen: /Archive: allowedOrigins is \["\*"\]/,
    file: "infra/storage.ts",
    from: '[process.env.WEALD_PORTAL_ORIGIN ?? "https://portal.weald.example"]',
    to: '["*"]',
  },
  {
    breaks: "privateBuckets",
    seen: /Inbox without TLS/,
    file: "infra/storage.ts",
    from: '"Inbox", { enforceHttps: true',
    to: '"Inbox", { enforceHttps: false',
  },
  {
    breaks: "archiveKept",
    seen: /the archive allows deleting/,
    file: "infra/storage.ts",
    from: `policy: [{ effect: "deny"`,
    to: `policy: [{ effect: "allow"`,
  },
  {
    breaks: "archiveAtOnce",
    seen: /must be restored from GLACIER\ncolder after 31 days/,
    file: "infra/storage.ts",
    from: 'days: 30, storageClass: "GLACIER_IR"',
    to: 'days: 31, storageClass: "GLACIER"',
  },
  {
    breaks: "sealsLocked",
    seen: /the lock is .*GOVERNANCE/,
    file: "infra/storage.ts",
    from: 'mode: "COMPLIANCE"',
    to: 'mode: "GOVERNANCE"',
  },
  {
    breaks: "sealsLocked",
    seen: /a seal may be overwritten/,
    file: "infra/storage.ts",
    from: 'variable: "s3:if-none-match"',
    to: 'variable: "s3:if-match"',
  },
  {
    breaks: "auditWatched",
    seen: /VerifySealsAlarm/,
    file: "infra/alarms.ts",
    from: "VerifySeals: verifySeals, ",
    to: "",
  },
  {
    breaks: "auditWatched",
    seen: /FlagUnusualAlarm/,
    file: "infra/alarms.ts",
    from: ", FlagUnusual: flagUnusual",
    to: "",
  },
  {
    breaks: "alarmsExplained",
    seen: /ArrivalsOldAlarm has no runbook/,
    file: "infra/alarms.ts",
    from: "AgeAlarm`",
    to: "OldAlarm`",
  },
  {
    breaks: "growthWatched",
    seen: /nobody watches how large/,
    file: "infra/alarms.ts",
    from: '"VolumeBytesUsed"',
    to: '"FreeableMemory"',
  },
  {
    breaks: "sendersWatched",
    seen: /TellAskedAlarm/,
    file: "infra/alarms.ts",
    from: ", TellAsked: tellAsked",
    to: "",
  },
  {
    breaks: "home",
    seen: /the region is us-east-1/,
    file: "sst.config.ts",
    from: 'region: "eu-west-2"',
    to: 'region: "us-east-1"',
  },
];

describe("the stack, evaluated with SST's own components", () => {
  let production: Graph;
  beforeAll(() => {
    production = evaluated("production", root, "bundled");
  }, EVALUATES_WITHIN_MS);

  it.each(Object.values(checks).map((check) => [check.promise, check] as const))(
    "%s",
    (_promise, { broken }) => {
      expect(broken(production)).toEqual([]);
    },
  );

  it("deploys every handler that is written, once, and bundles it small enough", () => {
    const folder = path.join(root, "apps/lambdas/src");
    const written = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .filter((file) =>
        /^export (async function|const) handler\b/m.test(readFileSync(path.join(folder, file), "utf8")),
      )
      .map((file) => `apps/lambdas/src/${file.slice(0, -3)}.handler`);
    const { functions } = manifestOf(production);
    const deployed = Object.values(functions).map(({ handler }) => handler);
    expect(deployed.sort()).toEqual(written.sort());
    const builds = Object.values(production.builds);
    expect(builds).toHaveLength(written.length);
    for (const { bytes, exports } of builds) {
      expect(bytes).toBeLessThan(50 * 1024 * 1024);
      expect(exports).toContain("handler");
    }
  });
});

describe("what the evaluation has written", () => {
  let graph: Graph;
  beforeAll(() => {
    graph = evaluated("test");
  }, EVALUATES_WITHIN_MS);

  it("infra/manifest.json, which the local cloud runs, is that of the stack (npm run infra:manifest)", () => {
    const kept = readFileSync(path.join(root, "infra/manifest.json"), "utf8");
    expect(kept).toBe(`${JSON.stringify(manifestOf(graph), null, 2)}\n`);
  });

  it("sst-env.d.ts, by which functions know their links, is that of the stack (npm run infra:manifest)", () => {
    expect(readFileSync(path.join(root, "sst-env.d.ts"), "utf8")).toBe(declarationsOf(graph));
  });
});

describe("a mistake in the stack", () => {
  let mistaken: Graph;
  beforeAll(() => {
    const copy = withPlanted(MISTAKES);
    try {
      mistaken = evaluated("production", copy.root);
    } finally {
      copy.remove();
    }
  }, EVALUATES_WITHIN_MS);

  it.each(MISTAKES.map(({ breaks, seen }) => [breaks, seen] as const))("breaks %s: %s", (breaks, seen) => {
    expect(checks[breaks]?.broken(mistaken).join("\n")).toMatch(seen);
  });

  it("is planted for every check", () => {
    expect([...new Set(MISTAKES.map(({ breaks }) => breaks))].sort()).toEqual(Object.keys(checks).sort());
  });
});

describe("a stack that can't be", () => {
  it(
    "a handler that isn't there stops the evaluation",
    () => {
      const copy = withPlanted([
        { file: "infra/ingest.ts", from: "/accept-objects.handler", to: "/gone.handler" },
      ]);
      try {
        expect(() => evaluated("test", copy.root)).toThrow(/Handler not found/);
      } finally {
        copy.remove();
      }
    },
    EVALUATES_WITHIN_MS,
  );

  it(
    "a top-level import in sst.config.ts stops it, as SST's command line does",
    () => {
      const copy = withPlanted([
        { file: "sst.config.ts", from: "export default", to: 'import "./infra/stack";\nexport default' },
      ]);
      try {
        expect(() => evaluated("test", copy.root)).toThrow(/top-level import/);
      } finally {
        copy.remove();
      }
    },
    EVALUATES_WITHIN_MS,
  );
});
