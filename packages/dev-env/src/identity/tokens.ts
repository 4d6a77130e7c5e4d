import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { type Contract, GATEWAY_SCOPES, type Person, SYSTEM_SCOPES } from "../people/index.ts";
import { accountIdOf } from "./claims.ts";
import { CLI_CLIENT, CLI_REDIRECT } from "./provider.ts";

export class TokenRefused extends Error {
  readonly code = "TOKEN_REFUSED";
}

const Answer = z.object({ access_token: z.string() });

async function tokenFrom(
  issuer: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await fetch(`${issuer}/token`, { method: "POST", body: new URLSearchParams(form), headers });
  if (!answer.ok) throw new TokenRefused(`The identity provider refused a token (${answer.status}).`);
  return Answer.parse(await answer.json()).access_token;
}

type ClientToken = {
  issuer: string;
  portalUrl: string;
  clientId: string;
  secret: string;
  scopes: readonly string[];
};

/** A client's, by client credentials. Lives an hour. */
export function clientToken({ issuer, portalUrl, clientId, secret, scopes }: ClientToken) {
  const basic = Buffer.from(`${clientId}:${encodeURIComponent(secret)}`).toString("base64");
  return tokenFrom(
    issuer,
    { grant_type: "client_credentials", scope: scopes.join(" "), resource: portalUrl },
    { authorization: `Basic ${basic}` },
  );
}

/** Asked for once, and again after a line that broke: a token that did not come is no token. */
export function keptToken(ask: () => Promise<string>): () => Promise<string> {
  let kept: Promise<string> | undefined;
  return () => {
    const asked = kept ?? ask();
    kept = asked;
    asked.catch(() => {
      if (kept === asked) kept = undefined;
    });
    return asked;
  };
}

type OfTrust = Omit<ClientToken, "clientId" | "scopes"> & { odsCode: string };

/** A trust's gateway. */
export const gatewayToken = ({ odsCode, ...rest }: OfTrust) =>
  clientToken({ ...rest, clientId: `gateway-${odsCode}`, scopes: GATEWAY_SCOPES });

/** Another system of a trust: a PACS, an AI box, a script. */
export const systemToken = ({ odsCode, ...rest }: OfTrust) =>
  clientToken({ ...rest, clientId: `system-${odsCode}`, scopes: SYSTEM_SCOPES });

/** Follows redirects as a browser would, with its cookies, until the provider sends us back with a code. */
function browser() {
  const jar = new Map<string, string>();
  return async (url: string, init: RequestInit = {}): Promise<string> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    const location = answer.headers.get("location");
    if (!location) throw new TokenRefused(`The identity provider did not go on (${answer.status}).`);
    return new URL(location, url).toString();
  };
}

/** A person's bearer token for scripts: the real code flow with PKCE, without a browser window. Lives 8 hours. */
export async function personToken(options: {
  issuer: string;
  portalUrl: string;
  person: Person;
  contract: Contract;
}): Promise<string> {
  const { issuer, portalUrl, person, contract } = options;
  const verifier = randomBytes(32).toString("base64url");
  const go = browser();
  const asked = new URLSearchParams({
    client_id: CLI_CLIENT,
    response_type: "code",
    redirect_uri: CLI_REDIRECT,
    scope: "openid portal",
    resource: portalUrl,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const interaction = await go(`${issuer}/auth?${asked}`);
  const resumed = await go(interaction, {
    method: "POST",
    body: new URLSearchParams({ account: accountIdOf(person, contract) }),
  });
  const back = new URL(await go(resumed));
  const code = back.searchParams.get("code");
  if (!code) throw new TokenRefused(back.searchParams.get("error_description") ?? "No code came back.");
  return tokenFrom(issuer, {
    grant_type: "authorization_code",
    client_id: CLI_CLIENT,
    redirect_uri: CLI_REDIRECT,
    code,
    code_verifier: verifier,
  });
}
