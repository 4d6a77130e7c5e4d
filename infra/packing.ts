import type { database } from "./database";
import { withDecoder } from "./decoder";
import type { storage } from "./storage";

type Given = ReturnType<typeof storage> & ReturnType<typeof database>;

const RUNTIME = "nodejs22.x" as const;
const LOGGING = { retention: "3 months" as const, format: "json" as const };

/**
 * Packs of settled series: a timer that knows which are due, and the function that unpacks and packs frames, which has no database.
 * A tick that comes while the last one still packs works beside it, so that a backlog has as many hands as it takes minutes.
 */
export function packing({ vpc, db, archivePacks, archiveManifests }: Given) {
  const pack = new sst.aws.Function("PackFrames", {
    handler: "apps/lambdas/src/packing/pack-frames.handler",
    runtime: RUNTIME,
    timeout: "5 minutes",
    // Two processors come with so much memory.
    memory: "3008 MB",
    link: [archivePacks],
    hook: { postbuild: withDecoder },
    logging: LOGGING,
  });
  const invoke = new sst.Linkable("PackFramesInvoke", {
    properties: { name: pack.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [pack.arn] })],
  });
  const packSeries = new sst.aws.CronV2("PackSeries", {
    schedule: "rate(1 minute)",
    function: {
      handler: "apps/lambdas/src/packing/pack-series.handler",
      runtime: RUNTIME,
      timeout: "15 minutes",
      memory: "1024 MB",
      vpc,
      link: [db, archiveManifests, invoke],
      logging: LOGGING,
    },
  });
  return { packSeries };
}
