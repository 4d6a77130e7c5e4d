import { createRemoteJWKSet } from "jose";
import { z } from "zod";
import { whenForgotten } from "../compose/kept.ts";

const Discovery = z.object({ jwks_uri: z.url() });
type Keys = ReturnType<typeof createRemoteJWKSet>;

const keySets = new Map<string, Promise<Keys>>();
whenForgotten(() => keySets.clear());

async function discover(issuer: string): Promise<Keys> {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
  return createRemoteJWKSet(new URL(Discovery.parse(await answer.json()).jwks_uri));
}

/** The keys of an issuer, where it says that they are; found at first use and kept: a function is warm for many requests. */
export function keysOf(issuer: string): Promise<Keys> {
  const known = keySets.get(issuer);
  if (known) return known;
  const found = discover(issuer).catch((error: unknown) => {
    keySets.delete(issuer);
    throw error;
  });
  keySets.set(issuer, found);
  return found;
}
