import { ACTIVITIES, type Actor, ROLES } from "@weald/core/kernel";
import { jwtVerify } from "jose";
import { z } from "zod";
import { keysOf } from "./issuer-keys.ts";

/** An access token of the identity provider: a person's, or a client's with scopes. */
const TokenClaims = z.union([
  z.object({
    uid: z.string(),
    role_id: z.string(),
    org_code: z.string(),
    weald_role: z.enum(ROLES),
    activity_codes: z.array(z.string()),
  }),
  z.object({ client_id: z.string(), org_code: z.string(), scope: z.string().default("") }),
]);

export type BearerOptions = { issuer: string; audience: string };

/** The actor of `Authorization: Bearer …`, or `undefined` where the token is not ours, expired or altered. */
export async function actorOfBearer(
  authorization: string | null,
  { issuer, audience }: BearerOptions,
): Promise<Actor | undefined> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? "")?.[1];
  if (!token) return undefined;
  try {
    const { payload } = await jwtVerify(token, await keysOf(issuer), { issuer, audience });
    return actorOf(TokenClaims.parse(payload));
  } catch {
    return undefined;
  }
}

function actorOf(claims: z.output<typeof TokenClaims>): Actor {
  if ("client_id" in claims) {
    return {
      kind: "client",
      id: claims.client_id,
      organisation: claims.org_code,
      scopes: claims.scope.split(" ").filter(Boolean),
    };
  }
  return {
    kind: "person",
    id: claims.uid,
    roleId: claims.role_id,
    role: claims.weald_role,
    organisation: claims.org_code,
    activities: ACTIVITIES.filter((activity) => claims.activity_codes.includes(activity)),
  };
}
