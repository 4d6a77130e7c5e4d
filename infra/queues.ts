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

/** `Arrivals`: objects that wait in the inbox. `Facts`: what committed transactions have to tell. */
export function queues() {
  return { arrivals: queueWithDeadLetters("Arrivals"), facts: queueWithDeadLetters("Facts") };
}
