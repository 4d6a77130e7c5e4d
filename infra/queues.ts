const VISIBILITY_MINUTES = 12;

function queueWithDeadLetters(name: string) {
  const deadLetters = new sst.aws.Queue(`${name}DeadLetters`, { visibilityTimeout: "15 minutes" });
  // At least six times the timeout of the function that reads it, or messages come again while they are worked on.
  const queue = new sst.aws.Queue(name, {
    visibilityTimeout: `${VISIBILITY_MINUTES} minutes`,
    dlq: { queue: deadLetters.arn, retry: 5 },
  });
  return { queue, deadLetters };
}
type Made = ReturnType<typeof queueWithDeadLetters>;

/** Sending to these queues and no others. */
const sendTo = (name: string, urls: Record<string, Made>) =>
  new sst.Linkable(name, {
    properties: Object.fromEntries(Object.entries(urls).map(([as, { queue }]) => [as, queue.url])),
    include: [
      sst.aws.permission({
        actions: ["sqs:SendMessage"],
        resources: Object.values(urls).map(({ queue }) => queue.arn),
      }),
    ],
  });

/** How they stand, for whoever runs the region: no message is read. */
function queuesWatch(made: Record<string, Made>) {
  const named = Object.entries(made).flatMap(([name, { queue, deadLetters }]) => [
    [name, queue] as const,
    [`${name}DeadLetters`, deadLetters] as const,
  ]);
  return new sst.Linkable("QueuesWatch", {
    properties: Object.fromEntries(named.map(([name, { url }]) => [name, url])),
    include: [
      sst.aws.permission({
        actions: ["sqs:GetQueueAttributes"],
        resources: named.map(([, { arn }]) => arn),
      }),
      // The age of the oldest message is a metric, and metrics have no resource of their own.
      sst.aws.permission({ actions: ["cloudwatch:GetMetricData"], resources: ["*"] }),
    ],
  });
}

/**
 * `arrivals`: objects that wait in the inbox, a queue for each urgency (docs/adr/0030). `facts`: what committed transactions have
 * to tell.
 */
export function queues() {
  const arrivals = {
    urgent: queueWithDeadLetters("UrgentArrivals"),
    routine: queueWithDeadLetters("Arrivals"),
    bulk: queueWithDeadLetters("BulkArrivals"),
  };
  const facts = queueWithDeadLetters("Facts");
  return {
    arrivals,
    facts,
    arrivalsSend: sendTo("ArrivalsSend", arrivals),
    factsSend: sendTo("FactsSend", { url: facts }),
    queuesWatch: queuesWatch({
      UrgentArrivals: arrivals.urgent,
      Arrivals: arrivals.routine,
      BulkArrivals: arrivals.bulk,
      Facts: facts,
    }),
  };
}
