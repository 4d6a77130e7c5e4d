import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Configuration } from "oidc-provider";
import { CACHE_SCOPE, GATEWAY_SCOPES, members, SYSTEM_SCOPES } from "../people/index.ts";
import { accountOf, claimsOf, tokenClaimsOf } from "./claims.ts";
import { type IdentityKeys, publicPart } from "./keys.ts";
import { signInPage, signOutPage } from "./sign-in-page.ts";

export const CLI_CLIENT = "weald-cli";
export const CLI_REDIRECT = "http://127.0.0.1/weald-cli";
const SCOPES = "openid profile email nhsperson associatedorgs nationalrbacaccess selectedrole";
const HOUR = 3600;

export type IdentityOptions = {
  issuer: string;
  portalUrl: string;
  keys: IdentityKeys;
  /** Where the region hears of logouts: its `/identity/back-channel-logout`. */
  backChannelUrl?: string;
  /** A secret for the portal in place of its key: CIS2 permits both. */
  portalSecret?: string;
  /** Part of each cookie's name: cookies are shared between the ports of 127.0.0.1. */
  cookieSuffix: string;
  log?: (event: string, why: string) => void;
};

/** `gateway-RXC` sends and asks for its trust's worklist; `system-RXC` is any other system of that trust. */
const CLIENT = /^(gateway|system)-([A-Z0-9]+)$/;
const kindOf = (clientId: string) => CLIENT.exec(clientId)?.[1];
const scopesOf = (clientId: string) =>
  clientId === CLI_CLIENT
    ? "portal"
    : (kindOf(clientId) === "system" ? [...SYSTEM_SCOPES, CACHE_SCOPE] : GATEWAY_SCOPES).join(" ");

/** How the portal proves which client it is. */
const proofOf = ({ keys, portalSecret }: IdentityOptions) =>
  portalSecret
    ? { token_endpoint_auth_method: "client_secret_basic" as const, client_secret: portalSecret }
    : {
        token_endpoint_auth_method: "private_key_jwt" as const,
        token_endpoint_auth_signing_alg: "RS512" as const,
        jwks: { keys: [publicPart(keys.portal)] },
      };

function clientsOf(options: IdentityOptions): Configuration["clients"] {
  const { portalUrl, keys, backChannelUrl } = options;
  const portal = {
    client_id: "portal",
    redirect_uris: [`${portalUrl}/api/auth/callback/cis2`],
    post_logout_redirect_uris: [`${portalUrl}/sign-in`],
    ...proofOf(options),
    id_token_signed_response_alg: "RS512" as const,
    ...(backChannelUrl
      ? { backchannel_logout_uri: backChannelUrl, backchannel_logout_session_required: true }
      : {}),
  };
  const scripts = {
    client_id: CLI_CLIENT,
    redirect_uris: [CLI_REDIRECT],
    token_endpoint_auth_method: "none" as const,
    id_token_signed_response_alg: "RS512" as const,
  };
  const client = (client_id: string, client_secret = "") => ({
    client_id,
    client_secret,
    redirect_uris: [],
    response_types: [],
    grant_types: ["client_credentials"],
  });
  const clients = members.flatMap(({ odsCode }) => [
    client(`gateway-${odsCode}`, keys.gatewaySecrets[odsCode]),
    client(`system-${odsCode}`, keys.systemSecrets[odsCode]),
  ]);
  return [portal, scripts, ...clients];
}

function configurationOf(options: IdentityOptions): Configuration {
  const { keys, portalUrl, cookieSuffix } = options;
  const cookie = (name: string) => `weald.idp.${name}.${cookieSuffix}`;
  return {
    clients: clientsOf(options) ?? [],
    jwks: { keys: [keys.provider] },
    clientDefaults: { id_token_signed_response_alg: "RS512" },
    enabledJWA: {
      idTokenSigningAlgValues: ["RS256", "RS512"],
      clientAuthSigningAlgValues: ["RS256", "RS512"],
    },
    cookies: {
      keys: [keys.cookieKey],
      names: { session: cookie("session"), interaction: cookie("interaction"), resume: cookie("resume") },
    },
    pkce: { required: () => true },
    acrValues: ["AAL1_USERPASS", "AAL2_ANY", "AAL3_ANY"],
    scopes: SCOPES.split(" "),
    claims: {
      openid: ["sub", "authentication_assurance_level", "id_assurance_level", "selected_roleid"],
      acr: null,
      amr: null,
      auth_time: null,
      sid: null,
      profile: ["name", "given_name", "family_name", "uid"],
      email: ["email"],
      nhsperson: ["nhsid_useruid", "title", "display_name", "idassurancelevel"],
      associatedorgs: ["nhsid_user_orgs"],
      nationalrbacaccess: ["nhsid_nrbac_roles"],
      selectedrole: ["selected_roleid"],
    },
    conformIdTokenClaims: true,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = signOutPage(form, { isAskedByClient: ctx.oidc.entities.IdTokenHint !== undefined });
        },
      },
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // Gateways and scripts ask for the portal's API; the portal itself asks for userinfo only.
        defaultResource: (_ctx, client) => (client?.clientId === "portal" ? [] : portalUrl),
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, _resource, client) => ({
          scope: scopesOf(client.clientId),
          audience: portalUrl,
          accessTokenFormat: "jwt",
          accessTokenTTL: client.clientId === CLI_CLIENT ? 8 * HOUR : HOUR,
          jwt: { sign: { alg: "RS512" } },
        }),
      },
    },
    extraTokenClaims(_ctx, token) {
      if (token.kind === "ClientCredentials")
        return { org_code: CLIENT.exec(token.clientId ?? "")?.[2] ?? "" };
      const account = token.kind === "AccessToken" ? accountOf(token.accountId) : undefined;
      return account ? tokenClaimsOf(account.person, account.contract) : undefined;
    },
    // It refuses to speak to this machine by itself: in production a client's address there would be an attack. Here all is.
    fetch: (url, options) => globalThis.fetch(url, Object.assign({}, options, { dispatcher: undefined })),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { IdToken: 600, Session: 12 * HOUR, Interaction: 600, Grant: 8 * HOUR, ClientCredentials: HOUR },
    async findAccount(_ctx, accountId) {
      const account = accountOf(accountId);
      return account && { accountId, claims: async () => claimsOf(account.person, account.contract) };
    },
    // Consent is by registration, as with CIS2.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId ?? "",
        accountId: ctx.oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope(SCOPES);
      grant.addResourceScope(portalUrl, "portal");
      await grant.save();
      return grant;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

/** It warns of Node 20 and of keeping its sessions in memory. Both are so on purpose here: it is for one machine. */
async function withoutItsWarnings<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = (...said: unknown[]) => {
    if (!String(said[0]).includes("oidc-provider WARNING")) warn(...said);
  };
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

/** A provider on this machine in the shape of NHS CIS2: code + PKCE, `private_key_jwt`, RS512, roles as claims. */
export async function createIdentityProvider(options: IdentityOptions): Promise<RequestListener> {
  const provider = await withoutItsWarnings(async () => {
    const { default: Provider } = await import("oidc-provider");
    return new Provider(options.issuer, configurationOf(options));
  });
  const log = options.log ?? (() => {});
  const say = (event: string) => (_ctx: unknown, error: Error) =>
    log(event, "error_description" in error ? String(error.error_description) : error.message);
  provider.on("server_error", say("server_error"));
  provider.on("grant.error", say("grant.error"));
  provider.on("authorization.error", say("authorization.error"));
  provider.on("userinfo.error", say("userinfo.error"));
  provider.on("backchannel.error", say("backchannel.error"));
  const callback = provider.callback();

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "POST") {
      const accountId = (await bodyOf(request)).get("account") ?? "";
      if (!accountOf(accountId)) {
        response.writeHead(400, { "content-type": "text/plain" }).end("No such person.");
        return;
      }
      const login = { accountId, acr: "AAL3_ANY", amr: ["N3_SMARTCARD"], remember: false };
      await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
      return;
    }
    const { params } = await provider.interactionDetails(request, response);
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-frame-options": "DENY",
    });
    response.end(signInPage(String(params.client_id)));
  }

  return (request, response) => {
    if (!/^\/interaction\/[\w-]+$/.test(new URL(request.url ?? "/", options.issuer).pathname)) {
      void callback(request, response);
      return;
    }
    interact(request, response).catch((error: unknown) => {
      log("interaction", error instanceof Error ? error.message : String(error));
      if (!response.headersSent) response.writeHead(400, { "content-type": "text/html; charset=utf-8" });
      response.end(`<!doctype html><html lang="en-GB"><title>Begin again</title><p>This sign-in is too old or was begun in
another browser. <a href="${options.portalUrl}">Begin again at Weald.</a></p></html>`);
    });
  };
}
