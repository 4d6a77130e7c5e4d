import type { database } from "./database";
import type { notify } from "./notify";
import type { web } from "./web";

type Given = ReturnType<typeof database> & ReturnType<typeof notify> & ReturnType<typeof web>;

/** What patients are sent, and of what staff are told, minute by minute: by GOV.UK Notify. */
export function letters({ vpc, db, notifyKey, notifyEnvironment, portalOrigin }: Given) {
  const sender = (name: string, handler: string) =>
    new sst.aws.CronV2(name, {
      schedule: "rate(1 minute)",
      function: {
        handler: `apps/lambdas/src/timers/${handler}.handler`,
        runtime: "nodejs22.x",
        timeout: "5 minutes",
        memory: "512 MB",
        vpc,
        link: [db, notifyKey],
        environment: { ...notifyEnvironment, WEALD_PORTAL_URL: portalOrigin },
        logging: { retention: "3 months", format: "json" },
      },
    });
  return {
    sendMessages: sender("SendMessages", "send-messages"),
    tellAsked: sender("TellAsked", "tell-asked"),
  };
}
