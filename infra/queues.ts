const VISIBILITY_MINUTES = 12;

function queueWithDeadLetters(name: string) {
  const deadLetters = new sst.aws.Queue(`${name}DeadLetters`, { visibilityTimeout: "15 minutes" });
  // At least six times the timeout of the function that reads it, or messages come again while they are worked on.
  const queue = new sst.aws.Queue(name, {
    visibilityTimeout: `${VISIBILITY_MINUTES} minutes`,
    dlq: { queue: deadLetters.arn, retry: 5 },
  });
  const link = new sst.Linkable(`${name}Send`, {
    properties: { url: queue.url },
    include: [sst.aws.permission({ actions: ["sqs:SendMessage"], resources: [queue.arn] })],
  });
  return { queue, deadLetters, link };
}

/** How they stand, for whoever runs the region: no message is read. */
function queuesWatch(made: Record<"arrivals" | "facts", ReturnType<typeof queueWithDeadLetters>>) {
  const { arrivals, facts } = made;
  const all = [arrivals.queue, arrivals.deadLetters, facts.queue, facts.deadLetters];
  return new sst.Linkable("QueuesWatch", {
    properties: {
      arrivals: arrivals.queue.url,
      facts: facts.queue.url,
      arrivalsDeadLetters: arrivals.deadLetters.url,
      factsDeadLetters: facts.deadLetters.url,
    },
    include: [
      sst.aws.permission({ actions: ["sqs:GetQueueAttributes"], resources: all.map(({ arn }) => arn) }),
      // The age of the oldest message is a metric, and metrics have no resource of their own.
      sst.aws.permission({ actions: ["cloudwatch:GetMetricData"], resources: ["*"] }),
    ],
  });
}

/** `Arrivals`: objects that wait in the inbox. `Facts`: what committed transactions have to tell. */
export function queues() {
  const made = { arrivals: queueWithDeadLetters("Arrivals"), facts: queueWithDeadLetters("Facts") };
  return { ...made, queuesWatch: queuesWatch(made) };
}
