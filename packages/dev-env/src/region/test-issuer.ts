import type { RequestListener } from "node:http";
import { type Actor, ROLES } from "@weald/core/kernel";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const LIVES = "1h";

function claimsOf(actor: Actor): Record<string, unknown> {
  if (actor.kind === "client")
    return { client_id: actor.id, org_code: actor.organisation, scope: actor.scopes.join(" ") };
  if (actor.kind === "system" || actor.kind === "patient") throw new Error("neither brings a token");
  return {
    uid: actor.id,
    role_id: actor.roleId,
    org_code: actor.organisation,
    weald_role: ROLES.find((role) => role === actor.role),
    activity_codes: actor.activities,
  };
}

/** Signs tokens for a region of tests, in the shape of the identity provider's, without its sign-in. */
export async function createTestIssuer() {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), alg: "ES256", use: "sig", kid: "test" }],
  });
  const listener: RequestListener = (request, response) => {
    const found = `{"jwks_uri":"http://${request.headers.host}/jwks"}`;
    const answers: Record<string, string> = { "/jwks": jwks, "/.well-known/openid-configuration": found };
    const answer = answers[request.url ?? ""];
    if (!answer) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
  };
  return {
    listener,
    tokenOf: (actor: Actor, issuer: string, audience: string): Promise<string> =>
      new SignJWT(claimsOf(actor))
        .setProtectedHeader({ alg: "ES256", kid: "test" })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(LIVES)
        .sign(privateKey),
  };
}
