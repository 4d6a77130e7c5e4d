import type { database } from "./database";
import type { queues } from "./queues";
import type { storage } from "./storage";

type Given = ReturnType<typeof storage> & ReturnType<typeof database> & ReturnType<typeof queues>;

const RUNTIME = "nodejs22.x" as const;
const BATCH = { size: 10, window: "1 second" as const, partialResponses: true };
/** Of one study there are many, told and heard once a batch. */
const FACTS_BATCH = { ...BATCH, size: 50 };
const CREATED: ["s3:ObjectCreated:*"] = ["s3:ObjectCreated:*"];
const BULK_AT_ONCE = 10;
/** What SST grants to the function of a queue; this one reads three. */
const RECEIVES = [
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ReceiveMessage",
];
const LOGGING = { retention: "3 months" as const, format: "json" as const };

/** `https://sqs.eu-west-2.amazonaws.com/123456789012/Name` */
function arnOfUrl(url: string): string {
  const [, region, account, name] = /^https:\/\/sqs\.([a-z0-9-]+)\.[^/]+\/(\d+)\/([^/]+)$/.exec(url) ?? [];
  if (!name) throw new Error(`no queue's address: ${url}`);
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

/** Inbox → queue → accept; what committed transactions have to tell → who hears it; and the timers that see to what was left. */
export function ingest(given: Given) {
  const {
    inbox,
    vpc,
    db,
    storageIdSecret,
    arrivals,
    facts,
    arrivalsSend,
    factsSend,
    inboxWork,
    inboxUpload,
    archiveWrite,
    archiveRead,
    spoolMerge,
    sealsWrite,
    sealsRead,
    sharesSweep,
  } = given;

  const { urgent, routine, bulk } = arrivals;
  const accepting = routine.queue.subscribe(
    {
      handler: "apps/lambdas/src/ingest/accept-objects.handler",
      runtime: RUNTIME,
      timeout: "2 minutes",
      memory: "1536 MB",
      vpc,
      link: [inboxWork, archiveWrite, db, storageIdSecret],
      permissions: [{ actions: RECEIVES, resources: [urgent.queue.arn, bulk.queue.arn] }],
      logging: LOGGING,
    },
    { batch: BATCH },
  );
  const accept = accepting.nodes.function;
  urgent.queue.subscribe(accept.arn, { batch: BATCH });
  // History never takes what readers and new images need: neither the account's executions nor the database.
  bulk.queue.subscribe(accept.arn, {
    batch: BATCH,
    transform: {
      eventSourceMapping(args) {
        args.scalingConfig = { maximumConcurrency: BULK_AT_ONCE };
      },
    },
  });

  facts.queue.subscribe(
    {
      handler: "apps/lambdas/src/facts/hear-facts.handler",
      runtime: RUNTIME,
      timeout: "2 minutes",
      memory: "1024 MB",
      vpc,
      // A message that is put aside after it was taken in is copied back to where it waits for a person.
      link: [db, inboxUpload, archiveRead, arrivalsSend],
      logging: LOGGING,
    },
    { batch: FACTS_BATCH },
  );

  // SST lets any S3, SNS or EventBridge source of the world send to a notified queue: pin it to this bucket.
  $transform(aws.sqs.QueuePolicy, (args) => {
    args.policy = aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [$util.output(args.queueUrl).apply(arnOfUrl)],
          principals: [{ type: "Service", identifiers: ["s3.amazonaws.com"] }],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [inbox.arn] }],
        },
      ],
    }).json;
  });
  inbox.notify({
    notifications: [
      { name: "Arrived", queue: routine.queue, events: CREATED, filterPrefix: "inbox/" },
      { name: "UrgentArrived", queue: urgent.queue, events: CREATED, filterPrefix: "urgent/" },
      { name: "BulkArrived", queue: bulk.queue, events: CREATED, filterPrefix: "bulk/" },
    ],
  });

  const timer = (
    name: string,
    handler: string,
    schedule: `rate(${string})`,
    link: unknown[],
    timeout: "5 minutes" | "15 minutes" = "5 minutes",
  ) =>
    new sst.aws.CronV2(name, {
      schedule,
      function: {
        handler: `apps/lambdas/src/timers/${handler}.handler`,
        runtime: RUNTIME,
        timeout,
        memory: "1024 MB",
        vpc,
        link,
        logging: LOGGING,
      },
    });
  return {
    accept,
    sweepInbox: timer("SweepInbox", "sweep-inbox", "rate(5 minutes)", [db, inboxWork, arrivalsSend]),
    settleSeries: timer("SettleSeries", "settle-series", "rate(1 minute)", [db]),
    keepAudit: timer("KeepAudit", "keep-audit", "rate(1 minute)", [db, spoolMerge, sealsWrite]),
    sweepShares: timer("SweepShares", "sweep-shares", "rate(1 hour)", [db, sharesSweep]),
    recordReadiness: timer("RecordReadiness", "record-readiness", "rate(5 minutes)", [db]),
    flagUnusual: timer("FlagUnusual", "flag-unusual", "rate(15 minutes)", [db]),
    verifySeals: timer("VerifySeals", "verify-seals", "rate(1 day)", [db, sealsRead], "15 minutes"),
    tallyArrivals: timer("TallyArrivals", "tally-arrivals", "rate(5 minutes)", [db]),
    relayOutbox: timer("RelayOutbox", "relay-outbox", "rate(1 minute)", [db, factsSend]),
  };
}
