import type { database } from "./database";
import type { ingest } from "./ingest";
import type { letters } from "./letters";
import type { packing } from "./packing";
import type { queues } from "./queues";

type Given = ReturnType<typeof queues> &
  ReturnType<typeof database> &
  ReturnType<typeof ingest> &
  ReturnType<typeof letters> &
  ReturnType<typeof packing>;

const MINUTE = 60;
const EXPECTED_DATABASE_GB = 600;
const DAY = 24 * 60 * MINUTE;
const FUNCTIONS = { namespace: "AWS/Lambda", statistic: "Sum", threshold: 0 };

type Watched = {
  namespace: string;
  metricName: string;
  statistic: string;
  threshold: number;
  dimensions?: Record<string, $util.Output<string>>;
};

/** Rings where a figure of five minutes is over its threshold. Nothing told is nothing wrong. */
const alarm = (name: string, watched: Watched) =>
  new aws.cloudwatch.MetricAlarm(name, {
    ...watched,
    period: 5 * MINUTE,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
  });

/** What wakes somebody: a message that nobody could handle, and one that waits too long (docs/runbooks.md). */
export function alarms(given: Given) {
  const {
    cluster,
    arrivals,
    facts,
    keepAudit,
    flagUnusual,
    verifySeals,
    sendMessages,
    tellAsked,
    packSeries,
  } = given;
  const onQueue = (name: string, queueName: $util.Output<string>, metricName: string, threshold: number) =>
    alarm(name, {
      ...{ namespace: "AWS/SQS", metricName, statistic: "Maximum", threshold },
      dimensions: { QueueName: queueName },
    });
  const named = {
    UrgentArrivals: { ...arrivals.urgent, late: 5 * MINUTE },
    Arrivals: { ...arrivals.routine, late: 15 * MINUTE },
    // History waits for whatever else there is to do.
    BulkArrivals: { ...arrivals.bulk, late: DAY },
    Facts: { ...facts, late: 15 * MINUTE },
  };
  for (const [name, { queue, deadLetters, late }] of Object.entries(named)) {
    onQueue(`${name}DeadLettersAlarm`, deadLetters.nodes.queue.name, "ApproximateNumberOfMessagesVisible", 0);
    onQueue(`${name}AgeAlarm`, queue.nodes.queue.name, "ApproximateAgeOfOldestMessage", late);
  }
  // Seals that are not written, a link that doesn't hold, looks that nobody judges: each ends in an error of its function (docs/operating.md).
  const watched = { KeepAudit: keepAudit, VerifySeals: verifySeals, FlagUnusual: flagUnusual };
  // What isn't sent reaches nobody, and nobody asks for it. What isn't packed is read more slowly, and nobody sees why.
  const others = { SendMessages: sendMessages, TellAsked: tellAsked, PackSeries: packSeries };
  for (const [name, made] of Object.entries({ ...watched, ...others }))
    alarm(`${name}Alarm`, {
      ...FUNCTIONS,
      metricName: "Errors",
      dimensions: { FunctionName: made.nodes.function.name },
    });
  // A year's rows by docs/cost.md. Raised by whoever finds it as planned: what grows faster is seen before it is slow.
  alarm("DatabaseGrowthAlarm", {
    ...{ namespace: "AWS/RDS", metricName: "VolumeBytesUsed", statistic: "Maximum" },
    threshold: EXPECTED_DATABASE_GB * 1e9,
    dimensions: { DBClusterIdentifier: cluster.id },
  });
  // No dimension: of all functions together, which share the account's limit. Readers are refused by it, too.
  alarm("ThrottledAlarm", { ...FUNCTIONS, metricName: "Throttles" });
}
