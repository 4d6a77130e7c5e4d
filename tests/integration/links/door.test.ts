import { randomUUID } from "node:crypto";
import path from "node:path";
import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { rows } from "../sent.ts";
import { AGENT, codeIn, newestTo, sendStudy, shared, somebody } from "./patient.ts";

// Next resolves it to nothing on the server; here it would throw.
vi.mock("../../../apps/web/node_modules/server-only/index.js", () => ({}));

/** What Next would tell of the request at hand. */
const asked = vi.hoisted(() => ({ headers: new Headers(), cookies: new Map<string, string>() }));
vi.mock("../../../apps/web/node_modules/next/headers.js", () => ({
  headers: async () => asked.headers,
  cookies: async () => ({
    get: (name: string) => {
      const value = asked.cookies.get(name);
      return value === undefined ? undefined : { name, value };
    },
    getAll: () => [...asked.cookies].map(([name, value]) => ({ name, value })),
  }),
}));

const WEB = path.resolve(import.meta.dirname, "../../../apps/web/src");
const PORTAL = "http://portal.test.invalid";
const Answer = z.object({
  result: z.object({ data: z.unknown() }).optional(),
  error: z
    .object({
      message: z.string(),
      data: z.object({ code: z.string(), weald: z.object({ code: z.string() }).optional() }),
    })
    .optional(),
});

describe("the patient's door", () => {
  let region: Region;
  let staff: Ctx;
  let route: Record<string, (request: Request) => Promise<Response>>;
  beforeAll(async () => {
    region = await Region.create();
    vi.stubEnv("WEALD_CLIENT_SECRET", "a secret that nobody asks for");
    route = await import(path.join(WEB, "app/api/mine/[trpc]/route.ts"));
    staff = region.as("amara.okafor@RXC");
    await Consent.setRule(region.as("tom.reyes"), { modality: "", rule: { kind: "at-once" } });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await region.stop();
  });

  async function ask(procedure: string, input: unknown, agent = AGENT) {
    asked.headers = new Headers({ "user-agent": agent });
    const request = new Request(`${PORTAL}/api/mine/${procedure}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: PORTAL },
      body: JSON.stringify(input),
    });
    const answer = await route.POST?.(request);
    if (!answer) throw new Error("no route");
    return { said: Answer.parse(await answer.json()), cookies: answer.headers.getSetCookie() };
  }
  async function read(procedure: string, method: "GET" | "HEAD" = "GET") {
    asked.headers = new Headers({ "user-agent": AGENT });
    const url = `${PORTAL}/api/mine/${procedure}?input=${encodeURIComponent("{}")}`;
    return route.GET?.(new Request(url, { method }));
  }
  async function handed() {
    const sent = await sendStudy(region, { of: somebody() });
    const { linkId, address } = await shared(staff, sent);
    return { linkId, address, sent, ...(await Consent.handOver(staff, { linkId })) };
  }
  async function opened() {
    const one = await handed();
    await ask("askCode", { token: one.token });
    const code = codeIn((await newestTo(region, one.address, "code"))?.text ?? "");
    return { ...one, ...(await ask("prove", { token: one.token, code })) };
  }

  it("puts the session into a cookie that scripts don't see and other sites don't send, and into no answer", async () => {
    const { cookies, said } = await opened();
    expect(cookies).toEqual([
      expect.stringMatching(
        /^weald\.link=[A-Za-z0-9_-]{22}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
      ),
    ]);
    const secret = /=([^;]+);/.exec(cookies[0] ?? "")?.[1] ?? "";
    expect(JSON.stringify(said)).not.toContain(secret);
    asked.cookies = new Map([["weald.link", secret]]);
    const answer = Answer.parse(await (await read("read"))?.json());
    expect(answer.result?.data).toMatchObject({ recipient: "patient", studies: [{ state: "open" }] });
    asked.cookies.clear();
    expect(Answer.parse(await (await read("read"))?.json()).error?.data.code).toBe("UNAUTHORIZED");
  });

  it("makes no session of staff of it, and none of a patient of theirs", async () => {
    const { cookies } = await opened();
    const secret = /=([^;]+);/.exec(cookies[0] ?? "")?.[1] ?? "";
    const { requestCtx } = await import(path.join(WEB, "server/ctx.ts"));
    asked.cookies = new Map([
      ["weald.link", secret],
      ["weald.session", secret],
    ]);
    expect(await requestCtx(null)).toBeUndefined();
    const theirs = await region.signedIn("amara.okafor@RXC");
    asked.cookies = new Map([["weald.link", theirs.session?.id ?? ""]]);
    expect(Answer.parse(await (await read("read"))?.json()).error?.data.code).toBe("UNAUTHORIZED");
    asked.cookies.clear();
  });

  it("a scanner's GET and HEAD, a hundred times, change nothing: no code goes, no try is counted, the link opens after", async () => {
    const one = await handed();
    const counts = () =>
      rows(
        region,
        "SELECT (SELECT count(*)::int FROM link_try) AS tries, (SELECT count(*)::int FROM link_code) AS codes, (SELECT count(*)::int FROM link_session) AS sessions",
      );
    const before = await counts();
    const letters = (await region.letters()).length;
    for (let nth = 0; nth < 100; nth += 1)
      for (const procedure of ["askCode", "prove", "notMine", "askNewLink", "read"])
        await read(procedure, nth % 2 === 0 ? "GET" : "HEAD");
    expect(await counts()).toEqual(before);
    expect(await region.letters()).toHaveLength(letters);
    await ask("askCode", { token: one.token });
    expect(await newestTo(region, one.address, "code")).toBeDefined();
  });

  it("says the same of a link that isn't one, by body and status", async () => {
    const { token } = await handed();
    const none = randomUUID().replaceAll("-", "").slice(0, 22);
    expect((await ask("askCode", { token })).said).toEqual((await ask("askCode", { token: none })).said);
    const [real, unknown] = [
      await ask("prove", { token, code: "000000" }),
      await ask("prove", { token: none, code: "000000" }),
    ];
    expect(unknown.said.error?.message).toBe(real.said.error?.message);
    expect(unknown.said.error?.data.weald).toEqual(real.said.error?.data.weald);
    expect([...real.cookies, ...unknown.cookies]).toEqual([]);
  });
});
