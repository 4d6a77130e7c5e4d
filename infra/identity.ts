import type { database } from "./database";
import type { dicomweb } from "./dicomweb";
import type { web } from "./web";

type Given = ReturnType<typeof database> &
  Pick<ReturnType<typeof web>, "issuer"> &
  Pick<ReturnType<typeof dicomweb>, "dicomwebRouter">;

/**
 * Where the identity provider tells of a logout. It POSTs without a body hash, so it stands behind the router of doors that
 * check a token themselves (docs/adr/0014), and has the database alone.
 */
export function identity({ vpc, db, issuer, dicomwebRouter }: Given) {
  const backChannelLogout = new sst.aws.Function("BackChannelLogout", {
    handler: "apps/lambdas/src/identity/back-channel-logout.handler",
    runtime: "nodejs22.x",
    timeout: "20 seconds",
    memory: "512 MB",
    vpc,
    link: [db],
    url: { router: { instance: dicomwebRouter, path: "/identity/back-channel-logout" } },
    environment: { WEALD_ISSUER: issuer, WEALD_CLIENT_ID: process.env.WEALD_CLIENT_ID ?? "portal" },
    logging: { retention: "3 months", format: "json" },
  });
  return { backChannelLogout };
}
