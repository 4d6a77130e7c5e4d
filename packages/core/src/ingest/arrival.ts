import { z } from "zod";

/** The part of an S3 event notification that we read. Keys are form-encoded there. */
const Notification = z.object({
  Records: z
    .array(z.object({ s3: z.object({ object: z.object({ key: z.string(), size: z.number().optional() }) }) }))
    .optional(),
  Event: z.string().optional(),
});

/** The keys that a message tells of; none for S3's own test event. */
export function arrivedKeys(body: string): string[] {
  const { Records = [] } = Notification.parse(JSON.parse(body));
  return Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll("+", " ")));
}

/** The same message for a key that the sweep found: one shape, whoever tells. */
export const arrivalOf = (key: string): string =>
  JSON.stringify({
    Records: [
      { s3: { object: { key: encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+") } } },
    ],
  });
