import "server-only";
import { randomUUID } from "node:crypto";
import { service } from "@weald/adapters";
import type { Actor, Ctx, Purpose } from "@weald/core/kernel";
import { signedIn } from "./auth.ts";
import { actorOfBearer } from "./bearer.ts";

const purposeOf = (actor: Actor): Purpose => {
  if (actor.kind !== "person") return "operations";
  if (actor.activities.includes("report")) return "reporting";
  return actor.activities.includes("review-access")
    ? "audit"
    : actor.activities.includes("acquire")
      ? "operations"
      : "direct-care";
};

/** Session or bearer token → actor → the context of one request. `undefined`: nobody has signed in. */
export async function requestCtx(authorization: string | null): Promise<Ctx | undefined> {
  const actor = authorization ? await actorOfBearer(authorization) : (await signedIn())?.actor;
  if (!actor) return undefined;
  return {
    service: await service(),
    actor,
    door: actor.kind === "client" ? "send" : "portal",
    purpose: purposeOf(actor),
    correlationId: randomUUID(),
  };
}
