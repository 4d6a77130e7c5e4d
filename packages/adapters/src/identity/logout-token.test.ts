import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLogoutToken } from "./logout-token.ts";

const LOGOUT = { "http://schemas.openid.net/event/backchannel-logout": {} };

describe("a logout token", async () => {
  const { privateKey, publicKey } = await generateKeyPair("RS512");
  const jwk = { ...(await exportJWK(publicKey)), kid: "k", alg: "RS512", use: "sig" };
  let issuer = "";
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    // Not at /jwks: NHS CIS2 keeps its keys where its discovery document says.
    if (request.url === "/connect/keys") response.end(JSON.stringify({ keys: [jwk] }));
    else response.end(JSON.stringify({ jwks_uri: `${issuer}/connect/keys` }));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    issuer = `http://127.0.0.1:${address instanceof Object ? address.port : 0}`;
  });
  afterAll(() => server.close());
  const token = (claims: Record<string, unknown>) =>
    new SignJWT({ iss: issuer, aud: "portal", jti: "j", events: LOGOUT, ...claims })
      .setProtectedHeader({ alg: "RS512", kid: "k", typ: "logout+jwt" })
      .setIssuedAt()
      .sign(privateKey);
  const read = async (claims: Record<string, unknown>) =>
    readLogoutToken(new URLSearchParams({ logout_token: await token(claims) }).toString(), {
      issuer,
      clientId: "portal",
    });

  it("names a person, a session, or both, and is checked with the keys that the issuer points to", async () => {
    expect(await read({ sub: "a", sid: "b" })).toEqual({ jti: "j", sub: "a", sid: "b" });
    expect(await read({ sub: "a" })).toEqual({ jti: "j", sub: "a", sid: undefined });
    expect(await read({})).toBeUndefined();
  });
});
