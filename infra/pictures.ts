import type { database } from "./database";
import { withDecoder } from "./decoder";
import type { storage } from "./storage";

type Given = ReturnType<typeof storage> & ReturnType<typeof database>;

const RUNTIME = "nodejs22.x" as const;
const LOGGING = { retention: "3 months" as const, format: "json" as const };

/** Small pictures of series: a timer that knows which are due, and the function that draws, which has no database. */
export function pictures({ vpc, db, archiveWrite }: Given) {
  const draw = new sst.aws.Function("DrawPicture", {
    handler: "apps/lambdas/src/dicomweb/draw-picture.handler",
    runtime: RUNTIME,
    timeout: "1 minute",
    memory: "1536 MB",
    link: [archiveWrite],
    hook: { postbuild: withDecoder },
    logging: LOGGING,
  });
  const invoke = new sst.Linkable("DrawPictureInvoke", {
    properties: { name: draw.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [draw.arn] })],
  });
  new sst.aws.CronV2("DrawPictures", {
    schedule: "rate(1 minute)",
    function: {
      handler: "apps/lambdas/src/timers/draw-pictures.handler",
      runtime: RUNTIME,
      timeout: "5 minutes",
      memory: "512 MB",
      vpc,
      link: [db, invoke],
      logging: LOGGING,
    },
  });
}
