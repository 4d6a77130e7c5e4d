import type { ingest } from "./ingest";
import type { letters } from "./letters";
import type { packing } from "./packing";
import type { queues } from "./queues";

type Given = ReturnType<typeof queues> &
  ReturnType<typeof ingest> &
  ReturnType<typeof letters> &
  ReturnType<typeof packing>;

const MINUTE = 60;

/** What wakes somebody: a message that nobody could handle, and one that waits too long (docs/runbooks.md). */
export function alarms(given: Given) {
  const { arrivals, facts, keepAudit, flagUnusual, verifySeals, sendMessages, tellAsked, packSeries } = given;
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
  // Seals that are not written, a link that doesn't hold, looks that nobody judges: each ends in an error of its function (docs/operating.md).
  const watched = { KeepAudit: keepAudit, VerifySeals: verifySeals, FlagUnusual: flagUnusual };
  // What isn't sent reaches nobody, and nobody asks for it. What isn't packed is read more slowly, and nobody sees why.
  const others = { SendMessages: sendMessages, TellAsked: tellAsked, PackSeries: packSeries };
  for (const [name, made] of Object.entries({ ...watched, ...others }))
    new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: made.nodes.function.name },
      statistic: "Sum",
      period: 5 * MINUTE,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
    });
  // No dimension: of all functions together, which share the account's limit. Readers are refused by it, too.
  new aws.cloudwatch.MetricAlarm("ThrottledAlarm", {
    namespace: "AWS/Lambda",
    metricName: "Throttles",
    statistic: "Sum",
    period: 5 * MINUTE,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    treatMissingData: "notBreaching",
  });
}
