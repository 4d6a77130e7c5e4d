import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { z } from "zod";
import { readWhole, writeWhole } from "../home/index.ts";
import { members } from "../people/index.ts";

const PrivateJwk = z.looseObject({
  kty: z.literal("RSA"),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  alg: z.string(),
  use: z.string(),
});
const Keys = z.object({
  provider: PrivateJwk,
  portal: PrivateJwk,
  cookieKey: z.string(),
  gatewaySecrets: z.record(z.string(), z.string()),
  systemSecrets: z.record(z.string(), z.string()).default({}),
});
export type IdentityKeys = z.output<typeof Keys>;
export type PrivateJwk = z.output<typeof PrivateJwk>;

export function publicPart({ kty, n, e, kid, alg, use }: PrivateJwk) {
  return { kty, n, e, kid, alg, use };
}

async function privateJwk(kid: string): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair("RS512", { extractable: true, modulusLength: 3072 });
  return PrivateJwk.parse({ ...(await exportJWK(privateKey)), kid, alg: "RS512", use: "sig" });
}

const clientSecret = () => randomBytes(24).toString("base64url");
const secretsOfAll = () => Object.fromEntries(members.map(({ odsCode }) => [odsCode, clientSecret()]));

export async function makeKeys(): Promise<IdentityKeys> {
  return {
    provider: await privateJwk("provider"),
    portal: await privateJwk("portal"),
    cookieKey: randomBytes(24).toString("base64url"),
    gatewaySecrets: secretsOfAll(),
    systemSecrets: secretsOfAll(),
  };
}

/** Made at the first start, readable by the owner only, and never committed. A trust that has joined since gets its secret. */
export async function keysAt(home: string): Promise<IdentityKeys> {
  const file = path.join(home, "identity.json");
  const known = existsSync(file) ? readWhole(file, Keys) : await makeKeys();
  const missing = members.filter(
    ({ odsCode }) => !known.gatewaySecrets[odsCode] || !known.systemSecrets[odsCode],
  );
  if (existsSync(file) && missing.length === 0) return known;
  for (const { odsCode } of missing) {
    known.gatewaySecrets[odsCode] ??= clientSecret();
    known.systemSecrets[odsCode] ??= clientSecret();
  }
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeWhole(file, known);
  return known;
}
