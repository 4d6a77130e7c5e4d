import type { ingest } from "./ingest";
import type { queues } from "./queues";

type Given = ReturnType<typeof queues> & ReturnType<typeof ingest>;

const MINUTE = 60;

/** What wakes somebody: a message that nobody could handle, and one that waits too long (docs/runbooks/). */
export function alarms({ arrivals, facts }: Given) {
  const onQueue = (name: string, queueName: $util.Output<string>, metricName: string, threshold: number) =>
    new aws.cloudwatch.MetricAlarm(name, {
      namespace: "AWS/SQS",
      metricName,
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: 5 * MINUTE,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      treatMissingData: "notBreaching",
    });
  for (const [name, { queue, deadLetters }] of Object.entries({ Arrivals: arrivals, Facts: facts })) {
    onQueue(`${name}DeadLettersAlarm`, deadLetters.nodes.queue.name, "ApproximateNumberOfMessagesVisible", 0);
    onQueue(`${name}AgeAlarm`, queue.nodes.queue.name, "ApproximateAgeOfOldestMessage", 15 * MINUTE);
  }
}
