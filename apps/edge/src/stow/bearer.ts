import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";

const ClientClaims = z.object({
  client_id: z.string(),
  org_code: z.string(),
  scope: z.string().default(""),
});

export type BearerOptions = { issuer: string; audience: string; trust: string };
export type Sender = { clientId: string };

/**
 * Who may send through this gateway: a client that the region's identity provider knows, of this gateway's trust, with the
 * scope `inbox.write`. Keys are fetched once and kept, so that a region that is away stops nobody who has a token.
 *
 * @returns `refused` for a good token of somebody else; `undefined` for none that is good
 */
export function bearerCheck({ issuer, audience, trust }: BearerOptions) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`), { cacheMaxAge: Number.POSITIVE_INFINITY });
  return async (authorization: string | undefined): Promise<Sender | "refused" | undefined> => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? "")?.[1];
    if (!token) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience });
      const claims = ClientClaims.safeParse(payload).data;
      const maySend = claims?.org_code === trust && claims.scope.split(" ").includes("inbox.write");
      return claims && maySend ? { clientId: claims.client_id } : "refused";
    } catch {
      return undefined;
    }
  };
}
