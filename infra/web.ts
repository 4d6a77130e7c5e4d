import type { database } from "./database";
import type { notify } from "./notify";
import type { queues } from "./queues";
import type { storage } from "./storage";

type Given = ReturnType<typeof storage> &
  ReturnType<typeof database> &
  ReturnType<typeof queues> &
  ReturnType<typeof notify>;

/** The portal behind one router, which alone may reach its function. */
export function web(given: Given) {
  const { vpc, db, archiveRead, inboxUpload, sharesWrite, spoolWrite, arrivalsSend, queuesWatch } = given;
  const { notifyKey, notifyEnvironment } = given;
  const portalOrigin = process.env.WEALD_PORTAL_ORIGIN ?? "https://portal.weald.example";
  const router = new sst.aws.Router("Router", { protection: "oac" });
  const portalKey = new sst.Secret("PortalPrivateJwk");
  const sessionSecret = new sst.Secret("SessionSecret");
  const issuer =
    process.env.WEALD_ISSUER ??
    "https://am.nhsint.auth-ptl.cis2.spineservices.nhs.uk:443/openam/oauth2/realms/root/realms/NHSIdentity/realms/Healthcare";
  const site = new sst.aws.Nextjs("Portal", {
    path: process.env.WEALD_WEB_PATH ?? "apps/web",
    buildCommand: "npx --no-install open-next build",
    router: { instance: router },
    vpc,
    link: [
      ...[db, archiveRead, inboxUpload, sharesWrite, spoolWrite, arrivalsSend, queuesWatch],
      ...[portalKey, sessionSecret, notifyKey],
    ],
    environment: {
      WEALD_ENVIRONMENT: $app.stage,
      WEALD_ISSUER: issuer,
      // CloudFront appends whom it saw: the one proxy whose word on the client's address is taken.
      WEALD_FORWARDED_HOPS: "1",
      ...notifyEnvironment,
    },
    server: { runtime: "nodejs22.x", memory: "1024 MB", timeout: "30 seconds" },
  });
  return { router, site, issuer, portalOrigin };
}
