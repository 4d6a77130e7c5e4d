import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { ROOT } from "../runner/run-command.ts";
import { Browser } from "./sign-in/browser.ts";
import { type PortalWithProvider, startPortalWithProvider } from "./sign-in/portal-with-provider.ts";

// Next resolves it to nothing on the server; here it would throw.
vi.mock("../../apps/web/node_modules/server-only/index.js", () => ({}));

const WEB = path.join(ROOT, "apps/web/src");
const APP = path.join(WEB, "app");
const STARTS_WITHIN_MS = 600_000;
const ID = "0199a000-0000-7000-8000-000000000001";

/** All of the portal that answers without a session, each with why. A patient's link comes with issue 7. */
const ANSWERS_WITHOUT_A_SESSION: Record<string, string> = {
  "/sign-in": "signing in",
  "/sign-in/again": "signing in beside a page that waits: goes on to the provider",
  "/sign-in/done": "tells the pages that wait, and holds nothing",
  "/link": "a patient's way in: the same page for everybody, whose link it is stands in the fragment",
  "/link/images": "a patient's link: without its cookie the same kind words for everybody",
  "/link/looks": "as above",
  "/link/pass-on": "as above",
  "/api/mine": "a patient's link: one uniform answer without its cookie",
  "/api/health": "that the portal answers, and nothing of the region",
  "/api/auth": "next-auth: the identity provider's protocol, no data of Weald",
  "/api/sign-out": "ends the session of a cookie; without one it only leads to the door",
  "/": "leads to the list, which leads to signing in",
};

/** Where a route takes a POST: an address of it. Every route file with a POST has one (checked below). */
const POSTS: Record<string, readonly string[]> = {
  "api/trpc/[trpc]/route.ts": ["/api/trpc/identity.lockSession", "/api/trpc/patient.lookUp?batch=1"],
  "api/mine/[trpc]/route.ts": ["/api/mine/end", "/api/mine/askCode?batch=1"],
  "api/auth/[...nextauth]/route.ts": [
    "/api/auth/signin/cis2",
    "/api/auth/signout",
    "/api/auth/callback/cis2",
    "/api/auth/session",
    "/api/auth/_log",
  ],
  "api/sign-out/route.ts": ["/api/sign-out"],
};

const filesBelow = (wanted: RegExp): string[] =>
  readdirSync(APP, { recursive: true, encoding: "utf8" })
    .filter((file) => wanted.test(file))
    .sort();
const pages = filesBelow(/(^|\/)page\.tsx$/).map(
  (file) =>
    `/${file}`
      .replace(/\/page\.tsx$/, "")
      .replaceAll(/\/\([^/]+\)/g, "")
      .replaceAll(/\[[^\]]+\]/g, ID) || "/",
);
const routes = filesBelow(/(^|\/)route\.tsx?$/);
const addressOf = (route: string) => `/${route.replace(/\/route\.tsx?$/, "").replace(/\/\[.*$/, "")}`;

async function procedures(): Promise<{ name: string; type: string }[]> {
  const Router = z.object({
    _def: z.object({ procedures: z.record(z.string(), z.custom<{ _def: { type: string } }>()) }),
  });
  const { appRouter } = await import(path.join(WEB, "server/routers/app.ts"));
  return Object.entries(Router.parse({ _def: appRouter._def })._def.procedures).map(([name, procedure]) => ({
    name,
    type: procedure._def.type,
  }));
}

describe("the portal", () => {
  let place: PortalWithProvider;
  let signedIn: Browser;
  beforeAll(async () => {
    place = await startPortalWithProvider();
    signedIn = new Browser();
    await signedIn.signIn(place.portalUrl, "tom.reyes");
  }, STARTS_WITHIN_MS);
  afterAll(() => place?.stop());
  const get = (browser: Browser, at: string) => browser.send(`${place.portalUrl}${at}`);

  it("answers nothing without a session but what stands on the list: every page leads to signing in", async () => {
    expect(pages.length).toBeGreaterThan(12);
    for (const page of pages.filter((one) => !(one in ANSWERS_WITHOUT_A_SESSION))) {
      const answer = await get(new Browser(), page);
      expect([page, answer.status, answer.headers.get("location")]).toEqual([
        page,
        307,
        `/sign-in?from=${encodeURIComponent(page)}`,
      ]);
    }
  });
  it("shows nothing of a link without its cookie, nor with the cookie of staff", async () => {
    for (const browser of [new Browser(), signedIn])
      for (const page of ["/link/images", "/link/looks", "/link/pass-on"]) {
        const answer = await get(browser, page);
        const said = await answer.text();
        expect([page, answer.status]).toEqual([page, 200]);
        expect(said).toContain("You have finished looking");
        expect(said).not.toMatch(/<img|data-study|href="\/studies/);
      }
  });
  it("answers no procedure without a session, by GET or POST, alone or in a batch", async () => {
    const all = await procedures();
    expect(all.length).toBeGreaterThan(40);
    const origin = { origin: place.portalUrl, "content-type": "application/json" };
    for (const { name, type } of all) {
      const url = `${place.portalUrl}/api/trpc/${name}`;
      const answer =
        type === "query"
          ? await fetch(`${url}?input=%7B%7D`)
          : await fetch(url, { method: "POST", headers: origin, body: "{}" });
      expect([name, answer.status]).toEqual([name, 401]);
    }
    const queries = all.filter(({ type }) => type === "query").map(({ name }) => name);
    const batch = await fetch(`${place.portalUrl}/api/trpc/${queries.join(",")}?batch=1&input=%7B%7D`);
    const Answers = z.array(z.object({ error: z.object({ data: z.object({ code: z.string() }) }) }));
    expect(new Set(Answers.parse(await batch.json()).map(({ error }) => error.data.code))).toEqual(
      new Set(["UNAUTHORIZED"]),
    );
  });
  it("has no other route: each route file is a procedure's or stands on the list, and the list names no other", () => {
    const open = routes.map(addressOf).filter((one) => one !== "/api/trpc");
    const named = Object.keys(ANSWERS_WITHOUT_A_SESSION);
    expect(open.filter((one) => !named.includes(one))).toEqual([]);
    expect(named.filter((one) => !pages.includes(one) && !open.includes(one))).toEqual([]);
  });
  it("shows nothing of the region on what does answer", async () => {
    expect(await (await get(new Browser(), "/api/health")).json()).toEqual({ answers: true });
    for (const page of [
      "/sign-in",
      "/sign-in/again",
      "/sign-in/done",
      "/sign-in?ended=back-channel&error=x",
    ]) {
      const answer = await get(new Browser(), page);
      expect([page, answer.status]).toEqual([page, 200]);
      expect(await answer.text()).not.toMatch(/My list|Quarantine|Sign out/);
    }
    expect(await (await get(new Browser(), "/api/auth/session")).json()).toEqual({});
  });

  it("refuses a POST of another site, and one that doesn't say where it comes from, on every route that takes one", async () => {
    const posting = routes.filter((file) => /\bPOST\b/.test(readFileSync(path.join(APP, file), "utf8")));
    expect(Object.keys(POSTS).sort()).toEqual(posting);
    const foreign: Record<string, string>[] = [
      { origin: "https://elsewhere.example" },
      { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" },
      { origin: "null", "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: `${place.portalUrl}.elsewhere.example` },
      {},
    ];
    for (const at of Object.values(POSTS).flat())
      for (const headers of foreign)
        for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
          const answer = await signedIn.send(`${place.portalUrl}${at}`, {
            method: "POST",
            headers: { ...headers, "content-type": type },
            body: "{}",
          });
          expect([at, headers, answer.status]).toEqual([at, headers, 403]);
        }
    expect((await signedIn.ask(place.portalUrl)).status).toBe(200);
  });
  it("changes nothing by GET: nobody is signed in or out by a link or a picture", async () => {
    for (const at of [
      "/api/auth/signin/cis2",
      "/api/auth/signout",
      "/api/sign-out",
      "/api/trpc/identity.lockSession?input=%7B%22why%22%3A%22idle%22%7D",
    ]) {
      const answer = await get(signedIn, at);
      expect([at, answer.headers.get("location")?.includes("/auth?") ?? false]).toEqual([at, false]);
    }
    expect((await signedIn.ask(place.portalUrl)).status).toBe(200);
  });

  it("lets no page be framed, and sends each with a policy of its own, unkept", async () => {
    const nonces = new Set<string>();
    for (const page of [...pages, "/no-such-page", "/sign-in?error=x"]) {
      const { headers } = await get(page.startsWith("/sign-in") ? new Browser() : signedIn, page);
      expect([page, headers.get("x-frame-options")]).toEqual([page, "DENY"]);
      const policy = headers.get("content-security-policy") ?? "";
      expect([page, policy]).toEqual([page, expect.stringContaining("frame-ancestors 'none'")]);
      expect([page, policy]).toEqual([
        page,
        expect.not.stringMatching(/script-src[^;]*'unsafe-(inline|eval)'/),
      ]);
      nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? "");
      expect([page, headers.get("x-content-type-options"), headers.get("referrer-policy")]).toEqual([
        page,
        "nosniff",
        "no-referrer",
      ]);
      expect([page, headers.get("cache-control")]).toEqual([page, expect.stringContaining("no-store")]);
    }
    expect(nonces.size).toBe(pages.length + 2);
  });
  it("sets cookies that scripts don't see and other sites don't send", async () => {
    const browser = new Browser();
    const set: string[] = [];
    const send = browser.send.bind(browser);
    browser.send = async (url, init) => {
      const answer = await send(url, init);
      if (url.startsWith(place.portalUrl)) set.push(...answer.headers.getSetCookie());
      return answer;
    };
    await browser.signIn(place.portalUrl, "rohan.patel");
    expect(new Set(set.map((line) => line.split("=")[0]))).toEqual(
      new Set(["session", "callback", "csrf", "pkce", "state", "nonce"].map((name) => `weald.${name}.test`)),
    );
    for (const line of set) {
      expect(line).toMatch(/; *httponly/i);
      expect(line).toMatch(/; *samesite=lax/i);
      expect(line).toMatch(/; *path=\/(;|$)/i);
      expect(line).not.toMatch(/; *domain=/i);
    }
  });
});

describe("over HTTPS", () => {
  it("each cookie is Secure and bound to the portal's own host", async () => {
    Object.assign(process.env, {
      ...{ WEALD_ISSUER: "https://idp.example", WEALD_PORTAL_URL: "https://portal.example" },
      ...{ WEALD_OBJECT_URL: "https://objects.example", WEALD_CLIENT_SECRET: "", WEALD_COOKIE_SUFFIX: "" },
      WEALD_PORTAL_PRIVATE_JWK: "{}",
    });
    vi.resetModules();
    const { authOptions } = await import(path.join(WEB, "server/auth.ts"));
    const cookies = Object.values(authOptions().cookies);
    expect(cookies).toHaveLength(6);
    for (const one of cookies)
      expect(one).toMatchObject({
        name: expect.stringMatching(/^__Host-weald\./),
        options: { httpOnly: true, secure: true, sameSite: "lax", path: "/" },
      });
  });
});
