import { z } from "zod";
import type { Contact } from "./contact.store.ts";

/** A number as networks take it: +447700900123 of "07700 900 123". */
const e164 = (said: string): string =>
  said
    .replace(/[\s().-]/g, "")
    .replace(/^00/, "+")
    .replace(/^0/, "+44");

export const Address = z.discriminatedUnion("channel", [
  z.object({
    channel: z.literal("email"),
    address: z
      .email()
      .max(254)
      .transform((one) => one.toLowerCase()),
  }),
  z.object({
    channel: z.literal("sms"),
    address: z
      .string()
      .max(30)
      .transform(e164)
      .pipe(z.string().regex(/^\+[1-9][0-9]{7,14}$/)),
  }),
]);

const CHANGED_WITHIN_MS = 7 * 86_400_000;
const STANDS_FOR_MS = 15 * 60_000;

/**
 * Whether a contact must be read back again before anything goes there (clinical page §13): another patient has the same, or it
 * was changed within a week, and nobody has read it back just now.
 */
export function asksAgain(
  { addedAt, readBackAt }: Pick<Contact, "addedAt" | "readBackAt">,
  shared: "shared" | "their-own",
  now: Date,
): boolean {
  if (!readBackAt) return true;
  const isNew = now.getTime() - addedAt.getTime() < CHANGED_WITHIN_MS;
  return (shared === "shared" || isNew) && now.getTime() - readBackAt.getTime() > STANDS_FOR_MS;
}
