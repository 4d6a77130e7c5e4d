import { systemCtx } from "@weald/adapters";
import * as Ingest from "@weald/core/ingest";
import * as Message from "@weald/core/message";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";

/** `wantsOutcomes`: of a door whose sender waits. A queue hears only what must come again. */
type Arrivals = SQSEvent & { wantsOutcomes?: boolean };
type Answer = SQSBatchResponse & { outcomes?: Awaited<ReturnType<typeof Ingest.acceptObjects>>["outcomes"] };

/** Inbox object created → queue → the action of its kind. What must come again is returned, message by message. */
export async function handler(event: Arrivals, context: Context): Promise<Answer> {
  const ctx = await systemCtx("accept-objects", "queue", context.awsRequestId);
  const messages = event.Records.map(({ messageId, body }) => ({
    messageId,
    keys: Ingest.arrivedKeys(body),
  }));
  const keys = messages.flatMap((message) => message.keys);
  const isMessage = (key: string) => Ingest.placeOf(key)?.kind === "hl7";
  const [hl7, dicom] = [keys.filter(isMessage), keys.filter((key) => !isMessage(key))];
  const accepted = dicom.length > 0 ? await Ingest.acceptObjects(ctx, { keys: dicom }) : undefined;
  const failed = [
    ...(accepted?.failedKeys ?? []),
    ...(hl7.length > 0 ? (await Message.acceptMessages(ctx, { keys: hl7 })).failedKeys : []),
  ];
  const again = messages.filter((message) => message.keys.some((key) => failed.includes(key)));
  return {
    batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })),
    ...(event.wantsOutcomes ? { outcomes: accepted?.outcomes ?? [] } : {}),
  };
}
