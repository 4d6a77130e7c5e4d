import "server-only";
import { randomUUID } from "node:crypto";
import { service, systemCtx } from "@weald/adapters";
import * as Identity from "@weald/core/identity";
import { AccessDenied, type Ctx, type PersonActor } from "@weald/core/kernel";
import type { JWT } from "next-auth/jwt";
import type { Admitted } from "./claims.ts";
import { settings } from "./settings.ts";

type Refusal = Parameters<typeof Identity.refuseSignIn>[1]["reason"];

const ctxOf = async (actor: PersonActor): Promise<Ctx> => ({
  service: await service(),
  actor,
  door: "portal",
  correlationId: randomUUID(),
});

/** Puts a sign-in that failed on the record. */
export async function refuseSignIn(reason: Refusal, personId?: string): Promise<void> {
  const ctx = await systemCtx("portal", "portal", randomUUID());
  // It always ends as the failure that it is told of.
  await Identity.refuseSignIn(ctx, personId === undefined ? { reason } : { reason, personId }).catch(
    () => {},
  );
}

/** Ends the session of a cookie, if it names one. */
export async function endSession(token: JWT, why: "signed-out" | "replaced") {
  if (!token.signedIn || !token.sessionId) return undefined;
  const ctx = await ctxOf(token.signedIn.actor);
  return Identity.endSession(ctx, { sessionId: token.sessionId, why });
}

/** A sign-in begins a session of its own; the one that this browser had before ends with it. `undefined`: it was refused. */
export async function beginSession(
  { claims, signedIn, provedAt }: Admitted,
  before: JWT | undefined,
): Promise<string | undefined> {
  const { idleSeconds, shiftSeconds } = settings();
  const ended = before ? await endSession(before, "replaced") : undefined;
  const isSamePerson = before?.signedIn?.actor.id === signedIn.actor.id;
  try {
    const { sessionId } = await Identity.beginSession(await ctxOf(signedIn.actor), {
      displayName: signedIn.name,
      ...(claims.email && claims.email_verified !== false ? { email: claims.email } : {}),
      providerSub: claims.sub,
      ...(claims.sid ? { providerSid: claims.sid } : {}),
      roleActivities: [...signedIn.actor.activities],
      ...{ provedAt, idleSeconds, shiftSeconds },
      ...(ended ? { replaces: { wasLocked: ended.wasLocked, isSamePerson } } : {}),
    });
    return sessionId;
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    await refuseSignIn("ORGANISATION_UNKNOWN", signedIn.actor.id);
    return undefined;
  }
}
