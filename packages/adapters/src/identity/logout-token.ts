import { jwtVerify } from "jose";
import { z } from "zod";
import { keysOf } from "./issuer-keys.ts";

const LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout";
const MOST_BYTES = 16_384;

/** @see OpenID Connect Back-Channel Logout 1.0 §2.4: an event, a person or a session of theirs, and no nonce. */
const LogoutClaims = z
  .object({
    jti: z.string().min(1).max(255),
    iat: z.number(),
    events: z.object({ [LOGGED_OUT]: z.record(z.string(), z.unknown()) }),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(255).optional(),
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

export type LogoutToken = { jti: string; sub?: string | undefined; sid?: string | undefined };
export type LogoutOptions = { issuer: string; clientId: string };

const TYPES = [undefined, "JWT", "logout+jwt"];

/**
 * What the identity provider says in a form's `logout_token`: signed by it (RS512), for us, lately, about a logout and
 * nothing else.
 *
 * @returns `undefined` where any of that isn't so
 * @see OpenID Connect Back-Channel Logout 1.0 §2.6
 */
export async function readLogoutToken(
  form: string,
  { issuer, clientId }: LogoutOptions,
): Promise<LogoutToken | undefined> {
  if (form.length > MOST_BYTES) return undefined;
  const token = new URLSearchParams(form).get("logout_token");
  if (!token) return undefined;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, await keysOf(issuer), {
      issuer,
      audience: clientId,
      algorithms: ["RS512"],
      maxTokenAge: "5 minutes",
      clockTolerance: 10,
    });
    if (!TYPES.includes(protectedHeader.typ)) return undefined;
    const { jti, sub, sid } = LogoutClaims.parse(payload);
    return { jti, sub, sid };
  } catch {
    return undefined;
  }
}
