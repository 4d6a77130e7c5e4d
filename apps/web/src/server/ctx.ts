import "server-only";
import { randomUUID } from "node:crypto";
import { service } from "@weald/adapters";
import { actorOfBearer } from "@weald/adapters/bearer";
import { forwardedAddress } from "@weald/adapters/forwarded";
import { type Actor, type Ctx, purposeOf, type Source } from "@weald/core/kernel";
import { headers } from "next/headers";
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

/** The header of the request at hand; none where there is no request, as in a test of the route alone. */
async function forwardedFor(): Promise<string | null> {
  try {
    return (await headers()).get("x-forwarded-for");
  } catch {
    return null;
  }
}

/** From where the request comes, as far as proxies of ours vouch for it. */
export async function requestSource(): Promise<Source> {
  const address = forwardedAddress(await forwardedFor(), settings().forwardedHops);
  return address ? { address } : {};
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
    source: await requestSource(),
    correlationId: randomUUID(),
  };
}
