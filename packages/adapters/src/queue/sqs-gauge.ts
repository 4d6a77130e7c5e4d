import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type QueueGauge, QueueUnavailable } from "@weald/core/ports";

export type SqsGaugeOptions = {
  region: string;
  /** By the name that `infra/` gives it, in the order in which they are told. */
  urls: Readonly<Record<string, string>>;
  endpoint?: string;
};

const AGE_MINUTES = 10;
/** The last part of a queue's URL. */
const queueName = (url: string): string => url.slice(url.lastIndexOf("/") + 1);
const numberOf = (text: string | undefined): number => Number(text ?? 0);

/** What waits and what is being worked on, as SQS counts it: eventually. */
async function waitingIn(sqs: SQSClient, url: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return (
    numberOf(Attributes.ApproximateNumberOfMessages) +
    numberOf(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

/** SQS itself doesn't tell the age of the oldest message: CloudWatch does, by the minute. */
async function agesOf(watch: CloudWatchClient, urls: readonly string[]): Promise<(number | undefined)[]> {
  const now = Date.now();
  const { MetricDataResults = [] } = await watch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - AGE_MINUTES * 60_000),
      EndTime: new Date(now),
      ScanBy: "TimestampDescending",
      MetricDataQueries: urls.map((url, index) => ({
        Id: `q${index}`,
        MetricStat: {
          Metric: {
            Namespace: "AWS/SQS",
            MetricName: "ApproximateAgeOfOldestMessage",
            Dimensions: [{ Name: "QueueName", Value: queueName(url) }],
          },
          Period: 60,
          Stat: "Maximum",
        },
      })),
    }),
  );
  return urls.map((_url, index) => MetricDataResults.find(({ Id }) => Id === `q${index}`)?.Values?.[0]);
}

/** How the queues on SQS stand. */
export function createSqsGauge({ region, urls, endpoint }: SqsGaugeOptions): QueueGauge {
  const at = { region, ...(endpoint ? { endpoint } : {}) };
  const sqs = new SQSClient(at);
  const watch = new CloudWatchClient(at);
  const named = Object.entries(urls);
  return {
    async depths() {
      try {
        const [waiting, ages] = await Promise.all([
          Promise.all(named.map(([, url]) => waitingIn(sqs, url))),
          agesOf(
            watch,
            named.map(([, url]) => url),
          ),
        ]);
        return named.map(([queue], index) => {
          const count = waiting[index] ?? 0;
          return { queue, waiting: count, oldestSeconds: count > 0 ? ages[index] : undefined };
        });
      } catch (cause) {
        throw new QueueUnavailable("sqs can't be asked how its queues stand", { cause });
      }
    },
  };
}
