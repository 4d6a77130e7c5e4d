import type { IdentityProvider } from "@weald/core/ports";

const PATIENCE_MS = 2000;

/** Asks for the provider's discovery document. @see OpenID Connect Discovery 1.0 §4 */
export function createIdentityProvider(issuer: string | undefined): IdentityProvider {
  return {
    async isThere() {
      if (!issuer) return true;
      try {
        const url = `${issuer}/.well-known/openid-configuration`;
        const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
        await answer.body?.cancel();
        return answer.ok;
      } catch {
        return false;
      }
    },
  };
}
