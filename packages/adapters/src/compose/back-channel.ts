import { z } from "zod";
import { type LogoutToken, readLogoutToken } from "../identity/logout-token.ts";

const Identity = z.object({ WEALD_ISSUER: z.url(), WEALD_CLIENT_ID: z.string().default("portal") });

/** The logout that this process's identity provider tells of; `undefined` where it didn't. */
export function logoutTold(form: string): Promise<LogoutToken | undefined> {
  const { WEALD_ISSUER, WEALD_CLIENT_ID } = Identity.parse(process.env);
  return readLogoutToken(form, { issuer: WEALD_ISSUER, clientId: WEALD_CLIENT_ID });
}
