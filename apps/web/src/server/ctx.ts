import "server-only";
import { randomUUID } from "node:crypto";
import { service } from "@weald/adapters";
import { actorOfBearer } from "@weald/adapters/bearer";
import { type Actor, type Ctx, purposeOf } from "@weald/core/kernel";
import { asking } from "./auth.ts";
import { settings } from "./settings.ts";

async function whoAsks(
  authorization: string | null,
): Promise<(Pick<Ctx, "session"> & { actor: Actor }) | undefined> {
  const { issuer, portalUrl } = settings();
  if (authorization) {
    const actor = await actorOfBearer(authorization, { issuer, audience: portalUrl });
    return actor && { actor };
  }
  const found = await asking();
  return found && { actor: found.signedIn.actor, session: { id: found.sessionId } };
}

/** Session or bearer token → actor → the context of one request. `undefined`: nobody has signed in. */
export async function requestCtx(authorization: string | null): Promise<Ctx | undefined> {
  const who = await whoAsks(authorization);
  if (!who) return undefined;
  return {
    ...who,
    service: await service(),
    door: who.actor.kind === "client" ? "send" : "portal",
    purpose: purposeOf(who.actor),
    correlationId: randomUUID(),
  };
}
