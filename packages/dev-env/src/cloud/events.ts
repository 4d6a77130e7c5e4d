import { randomUUID } from "node:crypto";
import type { HeldMessage } from "@weald/adapters/queue/postgres";

export type StoredEvent = { bucket: string; key: string; sizeBytes: number; etag: string };

/** A key as S3 writes it into a notification: form-encoded. */
const formEncoded = (key: string) => encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");

/** The wire shape of an S3 event notification. */
export function objectCreatedMessage({ bucket, key, sizeBytes, etag }: StoredEvent): string {
  const record = {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "local",
    eventTime: new Date().toISOString(),
    eventName: "ObjectCreated:Put",
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: bucket,
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: formEncoded(key),
        size: sizeBytes,
        eTag: etag,
        sequencer: randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase(),
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** The event that Lambda's poller makes of a batch. */
export const sqsEvent = (queue: string, batch: readonly HeldMessage[]) => ({
  Records: batch.map((message) => ({
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt.getTime()),
      SenderId: "local",
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt.getTime()),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
    awsRegion: "local",
  })),
});
