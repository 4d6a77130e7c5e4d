import { randomUUID } from "node:crypto";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Queue, type QueueMessage, QueueUnavailable } from "@weald/core/ports";

export type SqsQueueOptions = { name: string; url: string; region: string };

const BATCH = 10;
const TRIES = 3;

const batches = (messages: readonly QueueMessage[]): QueueMessage[][] =>
  Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, index) =>
    messages.slice(index * BATCH, (index + 1) * BATCH),
  );

/** A queue on SQS. Messages that a batch refused are sent again; what still fails is an error, never an omission. */
export function createSqsQueue({ name, url, region }: SqsQueueOptions): Queue {
  const client = new SQSClient({ region });

  async function sendBatch(messages: readonly QueueMessage[]): Promise<void> {
    let left = messages.map(({ body }) => ({ Id: randomUUID(), MessageBody: body }));
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: left }));
      const failed = new Set((answer.Failed ?? []).map(({ Id }) => Id));
      left = left.filter(({ Id }) => failed.has(Id));
      if (left.length > 0 && attempt === TRIES)
        throw new QueueUnavailable(`${left.length} messages were refused by ${name}`);
    }
  }

  return {
    name,
    async send(messages) {
      try {
        for (const batch of batches(messages)) await sendBatch(batch);
      } catch (cause) {
        if (cause instanceof QueueUnavailable) throw cause;
        throw new QueueUnavailable(`sqs ${name}`, { cause });
      }
    },
  };
}
