import "server-only";
import { z } from "zod";

const Settings = z
  .object({
    issuer: z.url(),
    portalUrl: z.url(),
    objectOrigin: z.url(),
    clientId: z.string().default("portal"),
    /** One of the two: NHS CIS2 permits both. */
    privateJwk: z.string().min(2).optional(),
    clientSecret: z.string().min(16).optional(),
    /** Two regions on 127.0.0.1 share a cookie jar: the port is part of each cookie's name. */
    cookieSuffix: z
      .string()
      .regex(/^[A-Za-z0-9-]*$/)
      .default(""),
    idleSeconds: z.coerce.number().int().min(30).max(3600).default(900),
    shiftSeconds: z.coerce
      .number()
      .int()
      .min(60)
      .max(12 * 3600)
      .default(12 * 3600),
    /** How many proxies of ours stand in front, each of which appends whom it saw to X-Forwarded-For. */
    forwardedHops: z.coerce.number().int().min(0).max(5).default(0),
    isDemonstration: z.boolean(),
  })
  .refine(({ privateJwk, clientSecret }) => (privateJwk === undefined) !== (clientSecret === undefined), {
    message: "either WEALD_PORTAL_PRIVATE_JWK or WEALD_CLIENT_SECRET",
  });
export type Settings = z.output<typeof Settings>;

let read: Settings | undefined;

/** What the portal must be told, read once. The only file of the portal that looks at the environment. */
export function settings(): Settings {
  read ??= Settings.parse({
    issuer: process.env.WEALD_ISSUER,
    portalUrl: process.env.WEALD_PORTAL_URL,
    objectOrigin: process.env.WEALD_OBJECT_URL,
    clientId: process.env.WEALD_CLIENT_ID,
    privateJwk: process.env.WEALD_PORTAL_PRIVATE_JWK || undefined,
    clientSecret: process.env.WEALD_CLIENT_SECRET || undefined,
    cookieSuffix: process.env.WEALD_COOKIE_SUFFIX,
    idleSeconds: process.env.WEALD_IDLE_SECONDS || undefined,
    shiftSeconds: process.env.WEALD_SHIFT_SECONDS || undefined,
    forwardedHops: process.env.WEALD_FORWARDED_HOPS,
    isDemonstration: process.env.WEALD_DEMONSTRATION !== "off",
  });
  return read;
}
