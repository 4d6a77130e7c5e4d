import "server-only";
import type { JWK } from "jose";
import { cookies as requestCookies } from "next/headers";
import type { NextAuthOptions } from "next-auth";
import { decode, type JWT } from "next-auth/jwt";
import { cache } from "react";
import { admit, type SignedIn } from "./claims.ts";
import { settings } from "./settings.ts";
import { beginSession, refuseSignIn } from "./sign-in.ts";

/** `__Host-` where the browser holds to it (HTTPS): no other host and no plain page can set one of them. */
function cookieNames(suffix: string, isSecure: boolean) {
  return (name: string) => `${isSecure ? "__Host-" : ""}weald.${name}${suffix ? `.${suffix}` : ""}`;
}

function cookies(suffix: string, isSecure: boolean): NonNullable<NextAuthOptions["cookies"]> {
  const options = { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isSecure };
  const nameOf = cookieNames(suffix, isSecure);
  const cookie = (name: string) => ({ name: nameOf(name), options });
  return {
    sessionToken: cookie("session"),
    callbackUrl: cookie("callback"),
    csrfToken: cookie("csrf"),
    pkceCodeVerifier: cookie("pkce"),
    state: cookie("state"),
    nonce: cookie("nonce"),
  };
}

/** Codes alone: next-auth's own log tells of tokens and names. */
const logger: NonNullable<NextAuthOptions["logger"]> = {
  error: (code) => console.error(JSON.stringify({ level: "error", event: "sign-in.failed", code })),
  warn: () => {},
  debug: () => {},
};

/** How the portal proves to the provider which client it is: by its key, or by a secret. NHS CIS2 permits both. */
function proofOfClient() {
  const { privateJwk, clientSecret } = settings();
  if (clientSecret)
    return { clientSecret, client: { token_endpoint_auth_method: "client_secret_basic" as const } };
  return {
    client: {
      token_endpoint_auth_method: "private_key_jwt" as const,
      token_endpoint_auth_signing_alg: "RS512",
    },
    jwks: { keys: [JSON.parse(privateJwk ?? "{}") as JWK as never] },
  };
}

/** NHS CIS2-shaped OIDC: authorization code, PKCE, state, nonce, RS512, and a proof of the person at each sign-in. */
export function authOptions(): NextAuthOptions {
  const { issuer, clientId, portalUrl, cookieSuffix, shiftSeconds } = settings();
  const { client, ...proof } = proofOfClient();
  // These options are of one request: a sign-in that was admitted is what its cookie is made of.
  let begun: Asking | undefined;
  return {
    session: { strategy: "jwt", maxAge: shiftSeconds },
    cookies: cookies(cookieSuffix, portalUrl.startsWith("https:")),
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    logger,
    providers: [
      {
        id: "cis2",
        name: "NHS CIS2",
        type: "oauth",
        version: "2.0",
        wellKnown: `${issuer}/.well-known/openid-configuration`,
        issuer,
        clientId,
        ...proof,
        client: { ...client, id_token_signed_response_alg: "RS512" },
        authorization: {
          params: {
            scope: "openid profile email nhsperson associatedorgs nationalrbacaccess selectedrole",
            acr_values: "AAL3_ANY",
            // A workstation is shared: whoever signs in next is asked, whatever session the provider still holds.
            prompt: "login",
            max_age: 0,
          },
        },
        idToken: true,
        checks: ["pkce", "state", "nonce"],
        userinfo: {
          // Roles are in userinfo, assurance and the time of the proof in the id_token alone, which is signed: both are
          // needed. Given the whole set of tokens, the client also holds userinfo to be of the same `sub`.
          async request({ client: provider, tokens }) {
            const idToken = (tokens as unknown as { claims(): Record<string, unknown> }).claims();
            const of = await provider.userinfo(tokens as never);
            return { ...of, authentication_assurance_level: undefined, auth_time: undefined, ...idToken };
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
      async signIn({ profile }) {
        const admitted = admit(profile, new Date());
        if (!("signedIn" in admitted)) {
          await refuseSignIn(admitted.refused, admitted.personId);
          return `/sign-in?error=${admitted.refused}`;
        }
        const sessionId = await beginSession(admitted, await portalToken());
        if (!sessionId) return "/sign-in?error=ORGANISATION_UNKNOWN";
        begun = { signedIn: admitted.signedIn, sessionId };
        return true;
      },
      jwt({ token, account }) {
        return begun ? { ...begun, sub: begun.signedIn.actor.id, idToken: account?.id_token } : token;
      },
      // What scripts of the page can ask of next-auth: nothing of the person or their session.
      session: ({ session }) => ({ expires: session.expires }),
    },
  };
}

export const sessionCookieName = (): string => {
  const { cookieSuffix, portalUrl } = settings();
  return cookieNames(cookieSuffix, portalUrl.startsWith("https:"))("session");
};

/** What this browser's cookie holds, however its session stands now; also more than pages are given. */
export async function portalToken(): Promise<JWT | undefined> {
  const name = sessionCookieName();
  // A large one comes in parts: `name.0`, `name.1` …
  const isPart = (one: string) => one === name || /^\.\d+$/.test(one.slice(name.length));
  const partOf = (one: string) => Number(one.slice(name.length + 1) || 0);
  const token = (await requestCookies())
    .getAll()
    .filter((one) => one.name.startsWith(name) && isPart(one.name))
    .sort((a, b) => partOf(a.name) - partOf(b.name))
    .map((one) => one.value)
    .join("");
  if (!token) return undefined;
  try {
    return (await decode({ token, secret: process.env.NEXTAUTH_SECRET ?? "" })) ?? undefined;
  } catch {
    return undefined;
  }
}

export type Asking = { signedIn: SignedIn; sessionId: string };

/** Who asks by a cookie of ours, once a request; whether their session still stands is the waist's to say. */
export const asking = cache(async (): Promise<Asking | undefined> => {
  const token = await portalToken();
  if (!token?.signedIn || !token.sessionId) return undefined;
  return { signedIn: token.signedIn, sessionId: token.sessionId };
});
