import type { database } from "./database";
import { withDecoder } from "./decoder";
import type { ingest } from "./ingest";
import type { storage } from "./storage";
import type { web } from "./web";

type Given = ReturnType<typeof storage> &
  ReturnType<typeof database> &
  ReturnType<typeof web> &
  Pick<ReturnType<typeof ingest>, "accept">;

const RUNTIME = "nodejs22.x" as const;
const LOGGING = { retention: "3 months" as const, format: "json" as const };

/** Lambda takes 6 MB with the body as base64: what is larger is refused before it, with the way to do it. */
const MOST_BODY = {
  overBytes: 4_400_000,
  body: `${JSON.stringify({
    code: "STOW_TOO_LARGE",
    message:
      "This door takes up to 4.4 MB in one request. Send one object at a time, or send to your trust's gateway program, which takes up to 4 GB (docs/gateway.md).",
  })}\n`,
};

/** In front of everything, as CloudFront runs it: also read from the evaluated graph by the local region. */
const refuseLarge = `
var mostBody = ${JSON.stringify(MOST_BODY)};
var said = event.request.headers["content-length"];
if (said && Number(said.value) > mostBody.overBytes) {
  return {
    statusCode: 413,
    headers: { "content-type": { value: "application/json; charset=utf-8" } },
    body: { encoding: "text", data: mostBody.body },
  };
}`;

/**
 * `/dicomweb`: a front that streams and has no database (function URLs do not stream inside a VPC), and the function
 * behind it, which has. Behind a router of its own without signatures: other systems POST here with a bearer token, which
 * each request is checked for, and send no body hash (docs/adr/0009).
 */
export function dicomweb({ vpc, db, archiveRead, inboxUpload, spoolWrite, issuer, accept }: Given) {
  const router = new sst.aws.Router("DicomwebRouter", {
    edge: { viewerRequest: { injection: refuseLarge } },
  });
  const answer = new sst.aws.Function("DicomwebAnswer", {
    handler: "apps/lambdas/src/dicomweb/answer.handler",
    runtime: RUNTIME,
    timeout: "30 seconds",
    memory: "1024 MB",
    vpc,
    link: [db, archiveRead, inboxUpload, spoolWrite],
    environment: {
      WEALD_ISSUER: issuer,
      WEALD_PORTAL_URL: process.env.WEALD_PORTAL_ORIGIN ?? "https://portal.weald.example",
    },
    logging: LOGGING,
  });
  const invoke = new sst.Linkable("DicomwebAnswerInvoke", {
    properties: { name: answer.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [answer.arn] })],
  });
  // What came in a request is taken in while its sender waits, by the function that takes in everything.
  const invokeAccept = new sst.Linkable("AcceptInvoke", {
    properties: { name: accept.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [accept.arn] })],
  });
  const stream = new sst.aws.Function("DicomwebStream", {
    handler: "apps/lambdas/src/dicomweb/stream.handler",
    runtime: RUNTIME,
    timeout: "5 minutes",
    memory: "1536 MB",
    streaming: true,
    link: [archiveRead, invoke, invokeAccept],
    hook: { postbuild: withDecoder },
    url: { router: { instance: router, path: "/dicomweb" } },
    // Registered viewers: their pages' origins, between commas.
    environment: {
      WEALD_DICOMWEB_ORIGINS: process.env.WEALD_DICOMWEB_ORIGINS ?? "",
      // CloudFront appends whom it saw: the one proxy whose word on the client's address is taken.
      WEALD_FORWARDED_HOPS: "1",
    },
    logging: LOGGING,
  });
  return { dicomwebRouter: router, answer, stream };
}
