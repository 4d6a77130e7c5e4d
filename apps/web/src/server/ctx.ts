import "server-only";
import { randomUUID } from "node:crypto";
import { service } from "@weald/adapters";
import { actorOfBearer } from "@weald/adapters/bearer";
import { type Ctx, purposeOf } from "@weald/core/kernel";
import { signedIn } from "./auth.ts";
import { settings } from "./settings.ts";

/** Session or bearer token → actor → the context of one request. `undefined`: nobody has signed in. */
export async function requestCtx(authorization: string | null): Promise<Ctx | undefined> {
  const { issuer, portalUrl } = settings();
  const actor = authorization
    ? await actorOfBearer(authorization, { issuer, audience: portalUrl })
    : (await signedIn())?.actor;
  if (!actor) return undefined;
  return {
    service: await service(),
    actor,
    door: actor.kind === "client" ? "send" : "portal",
    purpose: purposeOf(actor),
    correlationId: randomUUID(),
  };
}
