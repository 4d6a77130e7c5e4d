import "server-only";
import { z } from "zod";

const Settings = z.object({
  issuer: z.url(),
  portalUrl: z.url(),
  objectOrigin: z.url(),
  clientId: z.string().default("portal"),
  privateJwk: z.string().min(2),
  /** Two regions on 127.0.0.1 share a cookie jar: the port is part of each cookie's name. */
  cookieSuffix: z
    .string()
    .regex(/^[A-Za-z0-9-]*$/)
    .default(""),
  isDemonstration: z.boolean(),
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
    privateJwk: process.env.WEALD_PORTAL_PRIVATE_JWK,
    cookieSuffix: process.env.WEALD_COOKIE_SUFFIX,
    isDemonstration: process.env.WEALD_DEMONSTRATION !== "off",
  });
  return read;
}
