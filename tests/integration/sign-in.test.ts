import { createSecretKey } from "node:crypto";
import { importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { rows } from "./sent.ts";
import { Browser } from "./sign-in/browser.ts";
import {
  type Bend,
  type PortalWithProvider,
  SESSION_COOKIE,
  startPortalWithProvider,
} from "./sign-in/portal-with-provider.ts";

const STARTS_WITHIN_MS = 600_000;
const nowSeconds = () => Math.floor(Date.now() / 1000);
const claimsIn = (jwt: string): JWTPayload =>
  JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"));

describe("signing in", () => {
  let place: PortalWithProvider;
  beforeAll(async () => {
    place = await startPortalWithProvider();
  }, STARTS_WITHIN_MS);
  afterAll(() => place?.stop());
  afterEach(() => place.bend(undefined));

  const lastRefusal = async () => {
    const [row] = await rows<{ reason: string; n: string }>(
      place.region,
      "SELECT reason FROM audit_event WHERE action = 'identity.refuse-sign-in' ORDER BY at DESC, id DESC LIMIT 1",
    );
    return row?.reason;
  };
  const countRefusals = async () =>
    (await rows(place.region, "SELECT id FROM audit_event WHERE action = 'identity.refuse-sign-in'")).length;
  const sign = async (claims: JWTPayload, alg = "RS512", jwk: object = place.keys.provider) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, kid: "provider" })
      .sign(await importJWK({ ...jwk, alg }, alg));
  const bendIdToken =
    (alter: (claims: JWTPayload) => Promise<string> | string): Bend =>
    async (path, answer) =>
      path === "/token" ? { ...answer, id_token: await alter(claimsIn(String(answer.id_token))) } : undefined;

  it("ends at the list, with a cookie that scripts don't see, and is on the record", async () => {
    const browser = new Browser();
    const { url, answer } = await browser.signIn(place.portalUrl, "amara.okafor@RXC");
    expect([url, answer?.status]).toEqual([`${place.portalUrl}/worklist`, 200]);
    expect(place.proofs.at(-1)).toBe("private_key_jwt");
    expect((await browser.ask(place.portalUrl)).status).toBe(200);
    expect(await (await browser.send(`${place.portalUrl}/api/auth/session`)).json()).toEqual({
      expires: expect.any(String),
    });
    const [row] = await rows<object>(
      place.region,
      "SELECT verb, outcome, organisation, door FROM audit_event WHERE action = 'identity.begin-session' ORDER BY at DESC LIMIT 1",
    );
    expect(row).toEqual({ verb: "signed-in", outcome: "success", organisation: "RXC", door: "portal" });
  });

  it("keeps where its person is told of what is asked of them, as long as the provider vouches for it", async () => {
    const emailAfter = async (more: object) => {
      place.bend(async (path, answer) => (path === "/me" ? { ...answer, ...more } : undefined));
      const { url } = await new Browser().signIn(place.portalUrl, "rohan.patel");
      expect(url).toBe(`${place.portalUrl}/worklist`);
      const [person] = await rows<{ email: string | null }>(
        place.region,
        "SELECT email FROM person WHERE display_name = 'Dr Rohan Patel'",
      );
      return person?.email;
    };
    expect(await emailAfter({})).toBe("rohan.patel@example.nhs.invalid");
    expect(await emailAfter({ email: "no address" })).toBeNull();
    expect(await emailAfter({ email_verified: true })).toBe("rohan.patel@example.nhs.invalid");
    expect(await emailAfter({ email_verified: false })).toBeNull();
  });

  it("asks the provider for a code with PKCE, state, nonce and a proof of now", async () => {
    const asked = new URL(await new Browser().askForSignIn(place.portalUrl)).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/.{20}/),
      nonce: expect.stringMatching(/.{20}/),
      prompt: "login",
      max_age: "0",
    });
  });

  const refused: [string, (claims: JWTPayload) => Promise<string> | string, string][] = [
    ["of another sign-in (nonce)", (claims) => sign({ ...claims, nonce: "another" }), "PROVIDER_REFUSED"],
    ["without a nonce", ({ nonce: _, ...claims }) => sign(claims), "PROVIDER_REFUSED"],
    ["that nobody signed (alg none)", (claims) => new UnsecuredJWT(claims).encode(), "PROVIDER_REFUSED"],
    [
      "signed with the provider's public key as a secret (HS256)",
      (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: "HS256" })
          .sign(createSecretKey(Buffer.from(place.keys.provider.n))),
      "PROVIDER_REFUSED",
    ],
    ["signed by the weaker RS256", (claims) => sign(claims, "RS256"), "PROVIDER_REFUSED"],
    ["signed by another key", (claims) => sign(claims, "RS512", place.keys.portal), "PROVIDER_REFUSED"],
    ["that has expired", (claims) => sign({ ...claims, exp: nowSeconds() - 60 }), "PROVIDER_REFUSED"],
    ["for another client (aud)", (claims) => sign({ ...claims, aud: "another" }), "PROVIDER_REFUSED"],
    [
      "of another issuer",
      (claims) => sign({ ...claims, iss: "https://elsewhere.example" }),
      "PROVIDER_REFUSED",
    ],
    [
      "of another person than userinfo's (sub)",
      (claims) => sign({ ...claims, sub: "another" }),
      "PROVIDER_REFUSED",
    ],
    [
      "of assurance level 1",
      (claims) => sign({ ...claims, authentication_assurance_level: "1" }),
      "ASSURANCE_TOO_LOW",
    ],
    [
      "that says no assurance level",
      ({ authentication_assurance_level: _, ...claims }) => sign(claims),
      "ASSURANCE_TOO_LOW",
    ],
    ["of an old proof", (claims) => sign({ ...claims, auth_time: nowSeconds() - 3600 }), "NOT_PROVED_NOW"],
    ["without the time of the proof", ({ auth_time: _, ...claims }) => sign(claims), "NOT_PROVED_NOW"],
    ["of a role that isn't theirs", (claims) => sign({ ...claims, selected_roleid: "1" }), "NO_ROLE_CHOSEN"],
  ];
  it.each(refused)(
    "with an id token %s lets nobody in, and is on the record",
    async (_says, alter, reason) => {
      place.bend(bendIdToken(alter));
      const before = await countRefusals();
      const browser = new Browser();
      const { url } = await browser.signIn(place.portalUrl, "rohan.patel");
      expect(url).toMatch(/\/sign-in\?.*error=/);
      expect(browser.jar.has(SESSION_COOKIE)).toBe(false);
      expect((await browser.ask(place.portalUrl)).status).toBe(401);
      expect([await countRefusals(), await lastRefusal()]).toEqual([before + 1, reason]);
    },
  );
  it("with the same token unaltered, signed again, is let in: what is refused above is refused for its fault", async () => {
    place.bend(bendIdToken((claims) => sign(claims)));
    const { url } = await new Browser().signIn(place.portalUrl, "rohan.patel");
    expect(url).toBe(`${place.portalUrl}/worklist`);
  });

  it.each([
    ["another state", (url: URL, _browser: Browser) => url.searchParams.set("state", "another")],
    ["no state", (url: URL) => url.searchParams.delete("state")],
    ["another issuer named", (url: URL) => url.searchParams.set("iss", "https://elsewhere.example")],
    ["a code that was never given", (url: URL) => url.searchParams.set("code", "another")],
    ["no PKCE verifier", (_url: URL, browser: Browser) => browser.jar.delete("weald.pkce.test")],
    ["no nonce", (_url: URL, browser: Browser) => browser.jar.delete("weald.nonce.test")],
    ["the cookies of another browser", (_url: URL, browser: Browser) => browser.jar.clear()],
  ])("comes to nothing by a callback with %s", async (_says, alter) => {
    const browser = new Browser();
    const { url } = await browser.signIn(place.portalUrl, "rohan.patel", { stopAtCallback: true });
    const callback = new URL(url);
    alter(callback, browser);
    const ended = await browser.follow({ url: callback.toString(), method: "GET" });
    expect(ended.url).toMatch(/\/sign-in\?.*error=OAuthCallback/);
    expect(browser.jar.has(SESSION_COOKIE)).toBe(false);
  });
  it("takes a code once: the same callback again lets nobody in", async () => {
    const browser = new Browser();
    const { url } = await browser.signIn(place.portalUrl, "rohan.patel", { stopAtCallback: true });
    const again = new Browser();
    for (const [name, value] of browser.jar) again.jar.set(name, value);
    expect((await browser.follow({ url, method: "GET" })).url).toBe(`${place.portalUrl}/worklist`);
    expect((await again.follow({ url, method: "GET" })).url).toMatch(/error=OAuthCallback/);
    expect(again.jar.has(SESSION_COOKIE)).toBe(false);
  });
  it("is refused by the provider itself to whoever leaves PKCE out", async () => {
    const browser = new Browser();
    const asked = new URL(await browser.askForSignIn(place.portalUrl));
    asked.searchParams.delete("code_challenge");
    asked.searchParams.delete("code_challenge_method");
    const ended = await browser.follow({ url: asked.toString(), method: "GET" });
    expect(ended.url).toMatch(/\/sign-in\?.*error=/);
  });
});
