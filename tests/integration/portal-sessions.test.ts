import { createSecretKey } from "node:crypto";
import { importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT } from "../runner/run-command.ts";
import { rows } from "./sent.ts";
import { Browser } from "./sign-in/browser.ts";
import {
  type PortalWithProvider,
  SESSION_COOKIE,
  SESSION_SECRET,
  startPortalWithProvider,
} from "./sign-in/portal-with-provider.ts";

/** next-auth's own, by its place: its types would change what every test of this project thinks of the environment. */
const NextAuthJwt = z.object({
  encode: z.custom<(cookie: { secret: string; maxAge: number; token: object }) => Promise<string>>(
    (value) => typeof value === "function",
  ),
});
const STARTS_WITHIN_MS = 600_000;
const nowSeconds = () => Math.floor(Date.now() / 1000);
const claimsIn = (jwt: string): JWTPayload =>
  JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"));

describe("a session of the portal", () => {
  let place: PortalWithProvider;
  beforeAll(async () => {
    place = await startPortalWithProvider();
  }, STARTS_WITHIN_MS);
  afterAll(() => place?.stop());

  const signedIn = async (who = "rohan.patel") => {
    const browser = new Browser();
    const { url } = await browser.signIn(place.portalUrl, who);
    expect(url).toBe(`${place.portalUrl}/worklist`);
    return browser;
  };
  const withCookie = (value: string) => {
    const browser = new Browser();
    browser.jar.set(SESSION_COOKIE, value);
    return browser;
  };
  const cookieOf = (browser: Browser) => browser.jar.get(SESSION_COOKIE) ?? "";
  const ask = (browser: Browser) => browser.ask(place.portalUrl);
  const post = (browser: Browser, path: string, init: RequestInit = {}) =>
    browser.send(`${place.portalUrl}${path}`, {
      method: "POST",
      ...init,
      headers: { origin: place.portalUrl, ...init.headers },
    });
  const call = (browser: Browser, procedure: string, input: object) =>
    post(browser, `/api/trpc/${procedure}`, {
      body: JSON.stringify(input),
      headers: { "content-type": "application/json" },
    });

  it("is not believed of a cookie that is altered, expired, forged, or of another secret", async () => {
    const good = cookieOf(await signedIn());
    const jwt = NextAuthJwt.parse({
      ...(await import(`${ROOT}/apps/web/node_modules/next-auth/jwt/index.js`)),
    });
    const forged = (secret: string, maxAge: number, of: object) => jwt.encode({ secret, maxAge, token: of });
    const token = {
      signedIn: {
        actor: {
          kind: "person",
          id: "1",
          roleId: "1",
          role: "radiologist",
          organisation: "RXC",
          activities: ["report"],
        },
        name: "x",
        organisationName: "x",
      },
      sessionId: crypto.randomUUID(),
    };
    for (const cookie of [
      `${good.slice(0, -6)}AAAAAA`,
      good.slice(0, -40),
      await forged(SESSION_SECRET, -60, token),
      await forged("another secret, of forty letters as well", 3600, token),
      "nonsense",
    ]) {
      const browser = withCookie(cookie);
      expect(await ask(browser), cookie.slice(-10)).toEqual({ status: 401, code: undefined });
      const page = await browser.send(`${place.portalUrl}/worklist`);
      expect(page.headers.get("location")).toMatch(/^\/sign-in\?from=/);
    }
    // Even of our own secret: a session that was never begun is none.
    const never = withCookie(await forged(SESSION_SECRET, 3600, token));
    expect(await ask(never)).toEqual({ status: 401, code: "SESSION_ENDED" });
    expect((await ask(withCookie(good))).status).toBe(200);
  });

  it("begins anew at each sign-in: what the browser had before is worth nothing afterwards (fixation)", async () => {
    const victim = new Browser();
    const attacker = await signedIn("ines.marlow");
    victim.jar.set(SESSION_COOKIE, cookieOf(attacker));
    await victim.signIn(place.portalUrl, "rohan.patel");
    expect(cookieOf(victim)).not.toBe(cookieOf(attacker));
    expect((await ask(victim)).status).toBe(200);
    expect(await ask(attacker)).toEqual({ status: 401, code: "SESSION_ENDED" });
    const first = cookieOf(victim);
    await victim.signIn(place.portalUrl, "rohan.patel");
    expect(await ask(withCookie(first))).toEqual({ status: 401, code: "SESSION_ENDED" });
  });

  it("ends when its person signs out, here and at the provider, and a kept cookie is refused", async () => {
    const browser = await signedIn();
    const kept = cookieOf(browser);
    const out = await post(browser, "/api/sign-out");
    const elsewhere = new URL(out.headers.get("location") ?? "");
    expect([out.status, elsewhere.origin]).toEqual([303, place.issuer]);
    expect(elsewhere.searchParams.get("id_token_hint")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(browser.jar.has(SESSION_COOKIE)).toBe(false);
    const ended = await browser.follow({ url: elsewhere.toString(), method: "GET" });
    expect(ended.url).toBe(`${place.portalUrl}/sign-in?state=signed-out`);
    expect(ended.text).toContain("signed out of Weald and of the identity provider");
    expect(await ask(withCookie(kept))).toEqual({ status: 401, code: "SESSION_ENDED" });
    const page = await withCookie(kept).send(`${place.portalUrl}/worklist`);
    expect(page.headers.get("location")).toMatch(/^\/sign-in\?ended=signed-out&from=%2Fworklist/);
  });

  it("ends when its person signs out at the provider (back-channel), and no other person's does", async () => {
    const [browser, other] = [await signedIn("grace.fielding"), await signedIn("tom.reyes")];
    const ended = await browser.follow({ url: `${place.issuer}/session/end`, method: "GET" });
    expect(ended.answer?.status).toBe(200);
    expect(await ask(browser)).toEqual({ status: 401, code: "SESSION_ENDED" });
    const page = await browser.send(`${place.portalUrl}/worklist`);
    expect(page.headers.get("location")).toMatch(/^\/sign-in\?ended=back-channel/);
    expect((await ask(other)).status).toBe(200);
  });

  const LOGOUT = { "http://schemas.openid.net/event/backchannel-logout": {} };
  const sign = async (
    claims: JWTPayload,
    header: { alg?: string; typ?: string } = {},
    jwk: object = place.keys.provider,
  ) => {
    const alg = header.alg ?? "RS512";
    return new SignJWT(claims)
      .setProtectedHeader({ alg, kid: "provider", typ: header.typ ?? "logout+jwt" })
      .sign(await importJWK({ ...jwk, alg }, alg));
  };
  const tell = (token: string, init: RequestInit = {}) =>
    fetch(place.backChannelUrl, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ logout_token: token }),
      ...init,
    });
  const good = (sub: string): JWTPayload => ({
    ...{ iss: place.issuer, aud: "portal", iat: nowSeconds(), exp: nowSeconds() + 120 },
    ...{ jti: crypto.randomUUID(), sub, events: LOGOUT },
  });
  const subOf = async (browser: Browser) => {
    const out = await post(browser, "/api/sign-out");
    return String(
      claimsIn(new URL(out.headers.get("location") ?? "").searchParams.get("id_token_hint") ?? "").sub,
    );
  };

  it("is not ended by a logout token that isn't the provider's word about a logout of now", async () => {
    const sub = await subOf(await signedIn("owen.hartley"));
    const browser = await signedIn("owen.hartley");
    const { events: _, ...eventless } = good(sub);
    const { sub: __, ...nobody } = good(sub);
    const { jti: ___, ...without } = good(sub);
    const altered = await sign(good(sub));
    const [head = "", , tail = ""] = altered.split(".");
    const payload = Buffer.from(JSON.stringify({ ...good(sub), sub: "another" })).toString("base64url");
    const refused: Record<string, string> = {
      "alg none": new UnsecuredJWT(good(sub)).encode(),
      "HS256 with the public key": await new SignJWT(good(sub))
        .setProtectedHeader({ alg: "HS256" })
        .sign(createSecretKey(Buffer.from(place.keys.provider.n))),
      RS256: await sign(good(sub), { alg: "RS256" }),
      "another key": await sign(good(sub), {}, place.keys.portal),
      altered: `${head}.${payload}.${tail}`,
      "another client": await sign({ ...good(sub), aud: "another" }),
      "another issuer": await sign({ ...good(sub), iss: "https://elsewhere.example" }),
      old: await sign({ ...good(sub), iat: nowSeconds() - 3600 }),
      "of the future": await sign({ ...good(sub), iat: nowSeconds() + 3600 }),
      expired: await sign({ ...good(sub), exp: nowSeconds() - 60 }),
      "with a nonce (an id token)": await sign({ ...good(sub), nonce: "n" }),
      "no event": await sign(eventless),
      "another event": await sign({ ...good(sub), events: { "https://elsewhere.example": {} } }),
      "of nobody": await sign(nobody),
      "without an id": await sign(without),
      "another type": await sign(good(sub), { typ: "at+jwt" }),
      "no token": "",
      "too long": "x".repeat(20_000),
    };
    for (const [says, token] of Object.entries(refused))
      expect([says, (await tell(token)).status]).toEqual([says, 400]);
    expect((await ask(browser)).status).toBe(200);
    const asGet = await fetch(place.backChannelUrl);
    const asJson = await tell(await sign(good(sub)), {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ logout_token: await sign(good(sub)) }),
    });
    expect([asGet.status, asJson.status]).toEqual([405, 400]);
    expect((await ask(browser)).status).toBe(200);
  });
  it("is ended by one that is, which counts once", async () => {
    const sub = await subOf(await signedIn("owen.hartley"));
    const browser = await signedIn("owen.hartley");
    const token = await sign(good(sub));
    expect((await tell(token)).status).toBe(200);
    expect(await ask(browser)).toEqual({ status: 401, code: "SESSION_ENDED" });
    const next = await signedIn("owen.hartley");
    expect((await tell(token)).status).toBe(400);
    expect((await ask(next)).status).toBe(200);
  });

  it("that is locked shows no page and answers no procedure, until its person has signed in again", async () => {
    const browser = await signedIn();
    const open = await (await browser.send(`${place.portalUrl}/worklist`)).text();
    expect(open).toContain("Look up a patient");
    const locked = cookieOf(browser);
    expect((await call(browser, "identity.lockSession", { why: "idle" })).status).toBe(200);
    expect(await ask(browser)).toEqual({ status: 401, code: "SESSION_LOCKED" });
    const covered = await (await browser.send(`${place.portalUrl}/worklist`)).text();
    expect(covered).not.toContain("Look up a patient");
    await browser.signIn(place.portalUrl, "rohan.patel");
    expect((await ask(browser)).status).toBe(200);
    expect(await ask(withCookie(locked))).toEqual({ status: 401, code: "SESSION_ENDED" });
    const [row] = await rows<{ detail: { unlocks: boolean } }>(
      place.region,
      "SELECT detail FROM audit_event WHERE action = 'identity.begin-session' ORDER BY at DESC LIMIT 1",
    );
    expect(row?.detail.unlocks).toBe(true);
  });

  it("has rights as of now: an activity that was given and taken away is gone with the next request", async () => {
    const [grace, tom] = [await signedIn("grace.fielding"), await signedIn("tom.reyes")];
    const may = async () => (await grace.ask(place.portalUrl, "ingest.listQuarantine")).status;
    expect(await may()).toBe(403);
    const [{ id } = { id: "" }] = await rows<{ id: string }>(
      place.region,
      "SELECT id FROM person WHERE display_name = 'Ms Grace Fielding'",
    );
    const given = await call(tom, "identity.grantActivity", {
      ...{ personId: id, activity: "manage-archive", reason: "covers" },
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const { result } = z
      .object({ result: z.object({ data: z.object({ grantId: z.string() }) }) })
      .parse(await given.json());
    expect(await may()).toBe(200);
    await call(tom, "identity.endGrant", { grantId: result.data.grantId, reason: "is back" });
    expect(await may()).toBe(403);
  });
});
