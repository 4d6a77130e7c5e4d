import "server-only";
import type { JWK } from "jose";
import { getServerSession, type NextAuthOptions } from "next-auth";
import { cache } from "react";
import { Claims, type SignedIn, signedInFrom } from "./claims.ts";
import { settings } from "./settings.ts";

const SHIFT_SECONDS = 12 * 3600;
const LOWEST_ASSURANCE = 2;

function cookies(suffix: string, isSecure: boolean): NonNullable<NextAuthOptions["cookies"]> {
  const options = { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isSecure };
  const cookie = (name: string) => ({ name: `weald.${name}${suffix ? `.${suffix}` : ""}`, options });
  return {
    sessionToken: cookie("session"),
    callbackUrl: cookie("callback"),
    csrfToken: cookie("csrf"),
    pkceCodeVerifier: cookie("pkce"),
    state: cookie("state"),
    nonce: cookie("nonce"),
  };
}

/** NHS CIS2-shaped OIDC: authorization code, PKCE, state, nonce, `private_key_jwt`, RS512. */
export function authOptions(): NextAuthOptions {
  const { issuer, clientId, privateJwk, portalUrl, cookieSuffix } = settings();
  return {
    session: { strategy: "jwt", maxAge: SHIFT_SECONDS },
    cookies: cookies(cookieSuffix, portalUrl.startsWith("https:")),
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    providers: [
      {
        id: "cis2",
        name: "NHS CIS2",
        type: "oauth",
        version: "2.0",
        wellKnown: `${issuer}/.well-known/openid-configuration`,
        issuer,
        clientId,
        client: {
          token_endpoint_auth_method: "private_key_jwt",
          token_endpoint_auth_signing_alg: "RS512",
          id_token_signed_response_alg: "RS512",
        },
        jwks: { keys: [JSON.parse(privateJwk) as JWK as never] },
        authorization: {
          params: {
            scope: "openid profile email nhsperson associatedorgs nationalrbacaccess selectedrole",
            acr_values: "AAL3_ANY",
            // A workstation is shared: whoever signs in next is asked, whatever session the provider still holds.
            prompt: "login",
          },
        },
        idToken: true,
        checks: ["pkce", "state", "nonce"],
        userinfo: {
          // Roles are in userinfo, assurance levels in the id_token: both are needed.
          async request({ client, tokens }) {
            const idToken = (tokens as unknown as { claims(): Record<string, unknown> }).claims();
            return { ...(await client.userinfo(tokens.access_token ?? "")), ...idToken };
          },
        },
        profile: (profile: Record<string, unknown>) => ({
          id: String(profile.uid ?? profile.sub),
          name: null,
          email: null,
        }),
      },
    ],
    callbacks: {
      signIn({ profile }) {
        const claims = Claims.safeParse(profile);
        return (
          claims.success &&
          (claims.data.authentication_assurance_level ?? 0) >= LOWEST_ASSURANCE &&
          signedInFrom(claims.data) !== undefined
        );
      },
      jwt({ token, profile }) {
        const claims = profile ? Claims.safeParse(profile) : undefined;
        const signedIn = claims?.success ? signedInFrom(claims.data) : undefined;
        return signedIn ? { sub: signedIn.actor.id, signedIn } : token;
      },
      session({ session, token }) {
        return { expires: session.expires, signedIn: token.signedIn };
      },
    },
  };
}

/** Who asks, once a request; `undefined` without a session. */
export const signedIn = cache(
  async (): Promise<SignedIn | undefined> => (await getServerSession(authOptions()))?.signedIn,
);
