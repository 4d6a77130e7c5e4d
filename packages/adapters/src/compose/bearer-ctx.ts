import { type Ctx, purposeOf } from "@weald/core/kernel";
import { z } from "zod";
import { actorOfBearer } from "../identity/bearer.ts";
import { service } from "./compose.ts";

const Identity = z.object({ WEALD_ISSUER: z.url(), WEALD_PORTAL_URL: z.url() });

/** The context of one request that brings a bearer token; `undefined` where the token is not good. */
export async function bearerCtx(
  authorization: string | null,
  door: Ctx["door"],
  correlationId: string,
): Promise<Ctx | undefined> {
  const { WEALD_ISSUER, WEALD_PORTAL_URL } = Identity.parse(process.env);
  const actor = await actorOfBearer(authorization, { issuer: WEALD_ISSUER, audience: WEALD_PORTAL_URL });
  if (!actor) return undefined;
  return { service: await service(), actor, door, purpose: purposeOf(actor), correlationId };
}
