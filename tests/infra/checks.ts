import { readFileSync } from "node:fs";
import path from "node:path";
import { COLDER_AFTER_DAYS } from "@weald/core/operations";
import {
  arnOf,
  BUCKETS,
  type Bucket,
  type Check,
  grantsOf,
  linkedTo,
  listOf,
  rolesOf,
  type Statement,
  statementsIn,
} from "./check.ts";
import { databaseKept, databaseVersion, migratedFirst, runtimeRole } from "./database-checks.ts";
import { type Graph, ofType, oneOf, type Resource } from "./graph.ts";
import {
  deadLetters,
  historyHeldBack,
  notifiedQueues,
  partialResponses,
  visibility,
} from "./queue-checks.ts";

/** Each action that a role is granted on this bucket, with the part of it: `s3:GetObject /*`. */
function grantedOn(role: Resource, bucketArn: string): string[] {
  return grantsOf(role).flatMap(({ Action, Resource }) =>
    listOf(Resource)
      .filter((one) => one === "*" || one.startsWith(bucketArn))
      .flatMap((one) => listOf(Action).map((action) => `${action} ${one.slice(bucketArn.length)}`.trim()))
      .filter((one) => one.startsWith("s3:") || one.startsWith("*")),
  );
}

const INBOX_WORK = ["s3:DeleteObject /*", "s3:GetObject /*", "s3:ListBucket", "s3:PutObject /*"];
const INBOX_UPLOAD = [
  "s3:DeleteObject /quarantine/*",
  "s3:GetObject /quarantine/*",
  "s3:PutObject /bulk/*",
  "s3:PutObject /direct/*",
  "s3:PutObject /inbox/*",
  "s3:PutObject /quarantine/*",
  "s3:PutObject /urgent/*",
];
const SHARES_WRITE = ["s3:GetObject /*", "s3:ListBucket", "s3:PutObject /*"];
const SPOOL_WRITE = ["s3:GetObject /*", "s3:PutObject /*"];
/** Who may do what with images and with what the audit keeps, and nobody else anything. */
const MAY: Record<string, Partial<Record<Bucket, string[]>>> = {
  ArrivalsSubscriber: { Inbox: INBOX_WORK, Archive: ["s3:GetObject /*", "s3:PutObject /*"] },
  SweepInboxHandler: { Inbox: INBOX_WORK },
  DicomwebAnswer: {
    Inbox: INBOX_UPLOAD,
    Archive: ["s3:GetObject /*"],
    Shares: SHARES_WRITE,
    Spool: SPOOL_WRITE,
  },
  FactsSubscriber: { Inbox: INBOX_UPLOAD, Archive: ["s3:GetObject /*"] },
  DicomwebStream: { Archive: ["s3:GetObject /*"], Shares: ["s3:GetObject /*"] },
  PortalServer: {
    Inbox: INBOX_UPLOAD,
    Archive: ["s3:GetObject /*"],
    Shares: SHARES_WRITE,
    Spool: SPOOL_WRITE,
  },
  SweepSharesHandler: { Shares: ["s3:DeleteObject /*", "s3:ListBucket"] },
  PackFramesRole: { Archive: ["s3:GetObject /*", "s3:PutObject /*/packs/*/frames"] },
  PackSeriesHandler: { Archive: ["s3:GetObject /*/packs/*/manifest", "s3:PutObject /*/packs/*/manifest"] },
  DrawPictureRole: { Archive: ["s3:GetObject /*", "s3:PutObject /*/thumbnail/*"] },
  KeepAuditHandler: { Spool: INBOX_WORK, Seals: ["s3:GetObject /*", "s3:ListBucket", "s3:PutObject /*"] },
  VerifySealsHandler: { Seals: ["s3:GetObject /*", "s3:ListBucket"] },
};

const narrowGrants: Check = {
  promise: "each role may do with images what its function does, and no other role anything",
  broken: (graph) =>
    rolesOf(graph).flatMap((role) => {
      const may = Object.entries(MAY).find(([name]) => role.name.startsWith(name))?.[1] ?? {};
      return BUCKETS.flatMap((bucket) => {
        const has = grantedOn(role, arnOf(graph, bucket)).sort();
        const wanted = may[bucket] ?? [];
        return JSON.stringify(has) === JSON.stringify(wanted)
          ? []
          : [`${role.name} may ${has.join(", ") || "nothing"} on ${bucket}`];
      });
    }),
};

const noWildcards: Check = {
  promise: "no role holds all actions of a service, nor sends to queues that it doesn't name",
  broken: (graph) =>
    rolesOf(graph).flatMap((role) =>
      grantsOf(role).flatMap(({ Action, Resource }) => {
        const wild = listOf(Action).filter((action) => action.endsWith("*"));
        const everywhere = listOf(Action).filter(
          (action) => /^(s3|sqs|secretsmanager|rds-data):/.test(action) && listOf(Resource).includes("*"),
        );
        return [...wild, ...everywhere].map((action) => `${role.name}: ${action}`);
      }),
    ),
};

/** Doors that others POST to with a token, which each request is checked for (docs/adr/0009, 0014). */
const CHECKS_FOR_ITSELF = /^(DicomwebStream|BackChannelLogout)/;

const protectedUrls: Check = {
  promise:
    "functions are reached through the router alone, which signs for it, but for those that check a token themselves",
  broken(graph) {
    const urls = ofType(graph, "aws:lambda/functionUrl:FunctionUrl").filter(
      ({ name }) => !CHECKS_FOR_ITSELF.test(name),
    );
    const open = urls.filter(({ inputs }) => inputs.authorizationType !== "AWS_IAM");
    const callers = ofType(graph, "aws:lambda/permission:Permission").filter(
      ({ name, inputs }) =>
        !CHECKS_FOR_ITSELF.test(name) &&
        (inputs.principal !== "cloudfront.amazonaws.com" || !inputs.sourceArn),
    );
    return [
      ...(urls.length === 0 ? ["no function URL was found"] : []),
      ...[...open, ...callers].map(({ name }) => `${name} is open to anyone`),
    ];
  },
};

const imagesPastNat: Check = {
  promise: "functions reach S3 by the VPC's own door, from every private subnet",
  broken(graph) {
    const { inputs } = oneOf(graph, "aws:ec2/vpcEndpoint:VpcEndpoint", /^S3Endpoint$/);
    const isS3 =
      inputs.vpcEndpointType === "Gateway" && /^com\.amazonaws\.[a-z0-9-]+\.s3$/.test(inputs.serviceName);
    const tables = ofType(graph, "aws:ec2/routeTable:RouteTable").filter(({ name }) =>
      name.includes("Private"),
    );
    const without = tables.filter(({ id }) => !inputs.routeTableIds.includes(id));
    return [
      ...(isS3 ? [] : [`${inputs.vpcEndpointType} to ${inputs.serviceName}`]),
      ...(tables.length > 0 ? [] : ["no private subnet"]),
      ...without.map(({ name }) => `${name} goes to S3 by NAT`),
    ];
  },
};

const cors: Check = {
  promise: "image buckets are open to the portal's pages alone, for ranges and single writes",
  broken: (graph) =>
    (["Inbox", "Archive"] as const).flatMap((bucket) => {
      const { inputs } = oneOf(
        graph,
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        new RegExp(`^${bucket}Cors$`),
      );
      const wanted = {
        allowedHeaders: ["content-type", "range", "if-none-match"],
        allowedMethods: ["GET", "HEAD", "PUT"],
        allowedOrigins: ["https://portal.weald.example"],
        exposeHeaders: ["ETag", "Content-Range", "Accept-Ranges", "Content-Length"],
      };
      return Object.entries(wanted).flatMap(([name, value]) =>
        inputs.corsRules.length === 1 && JSON.stringify(inputs.corsRules[0][name]) === JSON.stringify(value)
          ? []
          : [`${bucket}: ${name} is ${JSON.stringify(inputs.corsRules[0]?.[name])}`],
      );
    }),
};

const denials = (graph: Graph, bucket: string): Statement[] =>
  statementsIn(
    oneOf(graph, "aws:s3/bucketPolicy:BucketPolicy", new RegExp(`^${bucket}Policy$`)).inputs.policy,
  ).filter(({ Effect }) => Effect === "Deny");

const privateBuckets: Check = {
  promise: "image buckets are private and answer over TLS alone",
  broken: (graph) =>
    BUCKETS.flatMap((bucket) => {
      const { inputs } = oneOf(
        graph,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        new RegExp(`^${bucket}Public`),
      );
      const open = [
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
      ].filter((name) => inputs[name] !== true);
      const isTlsOnly = denials(graph, bucket).some(
        ({ Action, Condition }) => Action === "s3:*" && Condition?.Bool?.["aws:SecureTransport"] === "false",
      );
      return [...open.map((name) => `${bucket}: ${name}`), ...(isTlsOnly ? [] : [`${bucket} without TLS`])];
    }),
};

const sealsLocked: Check = {
  promise: "seals are locked in compliance mode for ten years, written once, and deleted by nobody",
  broken(graph) {
    const { inputs } = oneOf(graph, "aws:s3/bucket:Bucket", /^SealsBucket$/);
    const lock = ofType(graph, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")[0]
      ?.inputs.rule?.defaultRetention;
    const denied = denials(graph, "Seals");
    const isWrittenOnce = denied.some(
      ({ Action, Condition }) =>
        listOf(Action).includes("s3:PutObject") && Condition?.Null?.["s3:if-none-match"] === "true",
    );
    const isKept = denied.some(({ Action }) => listOf(Action).includes("s3:DeleteObjectVersion"));
    return [
      ...(inputs.objectLockEnabled === true ? [] : ["the seals have no object lock"]),
      ...(lock?.mode === "COMPLIANCE" && lock.years === 10 ? [] : [`the lock is ${JSON.stringify(lock)}`]),
      ...(isWrittenOnce ? [] : ["a seal may be overwritten"]),
      ...(isKept ? [] : ["a seal may be deleted"]),
    ];
  },
};

const auditWatched: Check = {
  promise: "somebody is woken when the audit isn't sealed, a seal doesn't hold, or looks aren't judged",
  broken(graph) {
    const watched = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ inputs }) => inputs.metricName === "Errors")
      .map(({ name }) => name);
    return ["KeepAuditAlarm", "VerifySealsAlarm", "FlagUnusualAlarm"].filter(
      (name) => !watched.includes(name),
    );
  },
};

const sendersWatched: Check = {
  promise: "somebody is woken when messages to patients and to staff aren't sent",
  broken(graph) {
    const watched = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
    return ["SendMessagesAlarm", "TellAskedAlarm"].filter((name) => !watched.includes(name));
  },
};

const RUNBOOKS = path.resolve(import.meta.dirname, "../../docs/runbooks.md");

const growthWatched: Check = {
  promise: "somebody is woken before the database's growth makes it slow",
  broken(graph) {
    const { id } = oneOf(graph, "aws:rds/cluster:Cluster", /^Db/);
    const watched = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").find(
      (one) => one.inputs.metricName === "VolumeBytesUsed",
    );
    if (!watched) return ["nobody watches how large the database is"];
    const { DBClusterIdentifier: of } = watched.inputs.dimensions;
    return of === id ? [] : [`${watched.name} watches ${of}`];
  },
};

const alarmsExplained: Check = {
  promise: "whoever is woken by an alarm finds what to do (docs/runbooks.md)",
  broken(graph) {
    const explained = [...readFileSync(RUNBOOKS, "utf8").matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    return ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ name }) => name)
      .filter((name) => !explained.includes(name))
      .map((name) => `${name} has no runbook`);
  },
};

const archiveKept: Check = {
  promise: "nobody deletes from the archive, whatever their role says, and it keeps versions",
  broken(graph) {
    const isDenied = denials(graph, "Archive").some(
      ({ Action, Condition }) =>
        !Condition &&
        ["s3:DeleteObject", "s3:DeleteObjectVersion"].every((one) => listOf(Action).includes(one)),
    );
    const versions = ofType(graph, "aws:s3/bucketVersioning:BucketVersioning").find(({ name }) =>
      name.startsWith("Archive"),
    );
    return [
      ...(isDenied ? [] : ["the archive allows deleting"]),
      ...(versions?.inputs.versioningConfiguration.status === "Enabled"
        ? []
        : ["the archive keeps no versions"]),
    ];
  },
};

/** Classes from which a byte comes as soon as from Standard. */
const AT_ONCE = ["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR"];
const archiveAtOnce: Check = {
  promise: "an image becomes cheaper to keep with time, comes as soon as ever, and never ends",
  broken(graph) {
    const { inputs } = oneOf(
      graph,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      /^Archive/,
    );
    return inputs.rules.flatMap(
      ({ transitions = [], ...rule }: { transitions?: { storageClass: string; days: number }[] }) => [
        ...transitions.flatMap(({ storageClass, days }) => [
          ...(AT_ONCE.includes(storageClass) ? [] : [`images must be restored from ${storageClass}`]),
          ...(days === COLDER_AFTER_DAYS ? [] : [`colder after ${days} days, which the page doesn't say`]),
        ]),
        ...Object.keys(rule).filter((name) => /expiration/i.test(name)),
      ],
    );
  },
};

/** The functions that use it: a secret elsewhere can leak elsewhere. */
const USES_SECRET: Record<string, RegExp> = {
  StorageIdSecret: /^ArrivalsSubscriber/,
  PortalPrivateJwk: /^PortalServer/,
  SessionSecret: /^PortalServer/,
  DatabasePassword: /^MigrateDatabase/,
  NotifyApiKey: /^(PortalServer|SendMessages|TellAsked)/,
};

const secrets: Check = {
  promise: "a secret is linked to the one function that uses it",
  broken: (graph) =>
    Object.entries(USES_SECRET).flatMap(([secret, user]) => {
      const holders = linkedTo(graph, [secret]);
      const others = holders.filter((holder) => !user.test(holder));
      // Codes go out as they are asked for, links and what staff are asked by the minute.
      const users = secret === "NotifyApiKey" ? 3 : 1;
      return [
        ...others.map((holder) => `${holder} has ${secret}`),
        ...(holders.length - others.length === users ? [] : [`${secret} has ${holders.length} holders`]),
      ];
    }),
};

const linkedSecrets: Check = {
  promise: "every secret of the stack is known to the rule of one holder",
  broken: (graph) =>
    ofType(graph, "sst:sst:Secret")
      .map(({ name }) => name)
      .filter((name) => !(name in USES_SECRET)),
};

const home: Check = {
  promise: "everything lies in London, and production is kept when its stack goes",
  broken({ app }) {
    const { region } = app.providers?.aws ?? {};
    return [
      ...(region === "eu-west-2" ? [] : [`the region is ${region}`]),
      ...(app.removal === "retain" ? [] : [`removal is ${app.removal}`]),
      ...(app.protect === true ? [] : ["production isn't protected"]),
    ];
  },
};

/** Of the graph of the stage `production`. */
export const checks: Record<string, Check> = {
  narrowGrants,
  noWildcards,
  notifiedQueues,
  protectedUrls,
  databaseKept,
  databaseVersion,
  runtimeRole,
  migratedFirst,
  imagesPastNat,
  visibility,
  partialResponses,
  historyHeldBack,
  deadLetters,
  cors,
  privateBuckets,
  archiveKept,
  archiveAtOnce,
  sealsLocked,
  auditWatched,
  growthWatched,
  alarmsExplained,
  sendersWatched,
  secrets,
  linkedSecrets,
  home,
};
