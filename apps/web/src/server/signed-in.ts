import "server-only";
import * as Identity from "@weald/core/identity";
import { cache } from "react";
import { asking } from "./auth.ts";
import type { SignedIn } from "./claims.ts";
import { requestCtx } from "./ctx.ts";

export type Standing = Awaited<ReturnType<typeof Identity.readSession>>;
export type SessionOfPage = { signedIn: SignedIn; standing: Standing };

/** Whose page it is and how their session stands, once a request. `undefined`: this browser has never had one. */
export const sessionOfPage = cache(async (): Promise<SessionOfPage | undefined> => {
  const [found, ctx] = await Promise.all([asking(), requestCtx(null)]);
  if (!found || !ctx) return undefined;
  const standing = await Identity.readSession(ctx, {}).catch((error: unknown) => {
    if (error instanceof Error && "reason" in error) return undefined;
    throw error;
  });
  if (!standing) return undefined;
  const { actor } = found.signedIn;
  // With what an administrator gave them, as of now.
  const now = { ...actor, activities: standing.activities, scoped: standing.scoped };
  return { signedIn: { ...found.signedIn, actor: now }, standing };
});

/** Who is signed in, in a session that is alive. */
export async function signedIn(): Promise<SignedIn | undefined> {
  const found = await sessionOfPage();
  return found?.standing.state === "alive" ? found.signedIn : undefined;
}
