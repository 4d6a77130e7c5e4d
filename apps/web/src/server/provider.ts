import "server-only";
import { z } from "zod";
import { settings } from "./settings.ts";

const Discovery = z.object({ end_session_endpoint: z.url() });
const ANSWERS_WITHIN_MS = 3000;

let found: Promise<string> | undefined;

async function discover(): Promise<string> {
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const answer = await fetch(`${settings().issuer}/.well-known/openid-configuration`, { signal });
  return Discovery.parse(await answer.json()).end_session_endpoint;
}

/**
 * Where the provider ends its own session and comes back to our door. `undefined` where it can't be reached: then one is
 * signed out here alone, and the page says so.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0 §2
 */
export async function endOfSessionAt(idToken: string): Promise<string | undefined> {
  const { portalUrl } = settings();
  found ??= discover();
  try {
    const url = new URL(await found);
    url.searchParams.set("id_token_hint", idToken);
    url.searchParams.set("post_logout_redirect_uri", `${portalUrl}/sign-in`);
    url.searchParams.set("state", "signed-out");
    return url.toString();
  } catch {
    found = undefined;
    return undefined;
  }
}
