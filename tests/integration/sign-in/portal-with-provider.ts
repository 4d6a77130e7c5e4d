import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createIdentityProvider, type IdentityKeys, makeKeys } from "@weald/dev-env/identity";
import { listen, Region } from "@weald/dev-env/region";
import { buildWeb, startPortal } from "@weald/dev-env/supervisor";

export const SESSION_SECRET = "a secret of this test alone, of forty letters";
const COOKIE_SUFFIX = "test";
export const SESSION_COOKIE = `weald.session.${COOKIE_SUFFIX}`;

/** Alters what the provider answers at a path; undefined leaves it. */
export type Bend = (
  path: string,
  answer: Record<string, unknown>,
) => Promise<Record<string, unknown> | undefined>;

export type PortalWithProvider = {
  region: Region;
  portalUrl: string;
  issuer: string;
  keys: IdentityKeys;
  backChannelUrl: string;
  /** How the portal proved itself at the token endpoint, each time. */
  proofs: string[];
  bend(how: Bend | undefined): void;
  stop(): Promise<void>;
};

const BENT = ["/token", "/me"];

/** Holds back what is written, and writes it altered. */
function holdBack(response: ServerResponse, path: string, bend: Bend): void {
  const end = response.end.bind(response);
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const write = (chunk: unknown) => {
    keep(chunk);
    return true;
  };
  const finish = (chunk?: unknown) => {
    keep(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    const alter = async () => {
      const altered = response.statusCode === 200 ? await bend(path, JSON.parse(text)) : undefined;
      const body = altered ? JSON.stringify(altered) : text;
      response.setHeader("content-length", Buffer.byteLength(body));
      end(body);
    };
    void alter();
    return response;
  };
  Object.assign(response, { write, end: finish });
}

/**
 * A region with the local identity provider and the built portal, as `npm start` wires them, whose provider can be made to
 * answer wrongly.
 */
export async function startPortalWithProvider(
  options: { portalSecret?: string } = {},
): Promise<PortalWithProvider> {
  await buildWeb(() => {}, new AbortController().signal);
  const keys = await makeKeys();
  const proofs: string[] = [];
  let how: Bend | undefined;
  let provider: RequestListener = (_request, response) => response.writeHead(503).end();
  const identity = await listen((request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    if (path === "/token") proofs.push(request.headers.authorization?.split(" ")[0] ?? "private_key_jwt");
    if (how && BENT.includes(path)) holdBack(response, path, how);
    provider(request, response);
  }, 0);
  const region = await Region.create({ environment: { WEALD_ISSUER: identity.url } });
  const free = await listen(() => {}, 0);
  await free.close();
  const portalUrl = free.url;
  const backChannelUrl = new URL("/identity/back-channel-logout", region.dicomwebUrl).toString();
  provider = await createIdentityProvider({
    ...{ issuer: identity.url, portalUrl, keys, backChannelUrl, cookieSuffix: COOKIE_SUFFIX },
    ...(options.portalSecret ? { portalSecret: options.portalSecret } : {}),
  });
  const portal = await startPortal({
    port: free.port,
    write: () => {},
    environment: {
      ...region.environment,
      WEALD_PORTAL_URL: portalUrl,
      ...(options.portalSecret
        ? { WEALD_CLIENT_SECRET: options.portalSecret }
        : { WEALD_PORTAL_PRIVATE_JWK: JSON.stringify(keys.portal) }),
      WEALD_COOKIE_SUFFIX: COOKIE_SUFFIX,
      NEXTAUTH_URL: portalUrl,
      NEXTAUTH_SECRET: SESSION_SECRET,
    },
  });
  return {
    ...{ region, portalUrl, issuer: identity.url, keys, backChannelUrl, proofs },
    bend: (next) => {
      how = next;
    },
    async stop() {
      await portal.stop();
      await identity.close();
      await region.stop();
    },
  };
}
