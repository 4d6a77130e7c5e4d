import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { CAPABILITIES } from "@weald/lambdas/dicomweb/capabilities";
import { ROUTES } from "@weald/lambdas/dicomweb/routes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { image, sendAll } from "../../integration/sent.ts";

const VIEWER = "https://viewer.example";
const study = mintUid();

describe("the DICOMweb door", () => {
  let region: Region;
  let token: string;
  const ask = (
    path: string,
    { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
  ) =>
    fetch(`${region.dicomwebUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });

  beforeAll(async () => {
    region = await Region.create({
      environment: { WEALD_DICOMWEB_ORIGINS: `${VIEWER}, https://other.example` },
    });
    token = await region.tokenOf(region.system("RXC", ["studies.read"]));
    const shots = Array.from({ length: 12 }, (_, number) =>
      image({ study, series: `${study}.1`, number: number + 1 }),
    );
    await sendAll(region, "RXC", ...shots);
  });
  afterAll(() => region.stop());

  it.each([
    [undefined, 200, "application/dicom+json"],
    ["*/*", 200, "application/dicom+json"],
    ["application/*", 200, "application/dicom+json"],
    ["application/json", 200, "application/json"],
    ["text/html, application/json;q=0.5, */*;q=0.1", 200, "application/json"],
    [
      'multipart/related; type="application/dicom+xml", application/dicom+json',
      200,
      "application/dicom+json",
    ],
    ["application/dicom+json;q=0", 406, "application/json; charset=utf-8"],
    ['multipart/related; type="application/dicom+xml"', 406, "application/json; charset=utf-8"],
    ["text/html", 406, "application/json; charset=utf-8"],
  ])("Accept %s: %i", async (accept, status, type) => {
    const answer = await ask("/studies", { headers: accept === undefined ? { accept: "" } : { accept } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
    if (status === 406)
      expect(await answer.json()).toMatchObject({
        code: "NOT_ACCEPTABLE",
        message: accept?.includes("xml") ? expect.stringContaining("XML comes later") : expect.any(String),
      });
  });

  it("takes the media type as a parameter, before the header", async () => {
    const answer = await ask("/studies?accept=application/json", {
      headers: { accept: "application/dicom+json" },
    });
    expect(answer.headers.get("content-type")).toBe("application/json");
  });

  it("packs JSON for whoever takes it", async () => {
    const plain = await ask(`/studies/${study}/instances`, { headers: { "accept-encoding": "identity" } });
    const packed = await ask(`/studies/${study}/instances`, { headers: { "accept-encoding": "gzip" } });
    expect([plain.headers.get("content-encoding"), packed.headers.get("content-encoding")]).toEqual([
      null,
      "gzip",
    ]);
    expect(packed.headers.get("vary")).toContain("Accept-Encoding");
    expect(await packed.json()).toEqual(await plain.json());
  });

  it("answers HEAD as GET, without a body", async () => {
    const answer = await ask("/studies", { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "application/dicom+json",
      "",
    ]);
    expect((await ask("/nothing", { method: "HEAD" })).status).toBe(404);
  });

  it.each([
    ["PUT", "/studies", "GET"],
    ["PATCH", `/studies/${mintUid()}/series`, "GET"],
    ["POST", "/instances", "GET"],
  ])("405 says what %s %s takes instead", async (method, path, allowed) => {
    const answer = await ask(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toContain(allowed);
    expect(await answer.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED" });
  });

  it.each([
    ["GET", "/workitems"],
    ["POST", "/workitems?1.2.3"],
    ["PUT", "/workitems/1.2.3/state"],
    ["DELETE", `/studies/${study}`],
    ["DELETE", `/RXC/studies/${study}/series/1.2`],
  ])("501 in words for %s %s", async (method, path) => {
    const answer = await ask(path, { method });
    expect(answer.status).toBe(501);
    expect(await answer.json()).toEqual({ code: "NOT_IMPLEMENTED", message: expect.stringMatching(/\w{4}/) });
  });

  it("404 for a path that is none, 401 for all of it without a token", async () => {
    expect((await ask("/patients")).status).toBe(404);
    for (const [method, path] of [
      ["GET", "/studies"],
      ["GET", "/studies?Nonsense=1"],
      ["GET", "/patients"],
      ["PUT", "/studies"],
      ["OPTIONS", "/"],
      ["GET", "/workitems"],
    ] as const)
      expect([
        path,
        (await ask(path, { method, headers: { authorization: "", accept: "text/html" } })).status,
      ]).toEqual([path, 401]);
  });

  it("a client that only sends is told that it may not search", async () => {
    const sender = await region.tokenOf(region.gateway("RXC"));
    const answer = await ask("/studies", { headers: { authorization: `Bearer ${sender}` } });
    expect([answer.status, (await answer.json()).code]).toEqual([403, "ACCESS_DENIED"]);
  });

  describe("capabilities", () => {
    it("as WADL unless JSON is asked for, at the base", async () => {
      const wadl = await ask("/", { method: "OPTIONS" });
      expect(wadl.headers.get("content-type")).toBe("application/vnd.sun.wadl+xml; charset=utf-8");
      const text = await wadl.text();
      expect(text).toContain(`<resources base="${region.dicomwebUrl}/">`);
      expect(text).toContain('<method name="GET" id="SearchForStudies">');
      const json = await ask("", { headers: { accept: "application/json" } });
      expect(await json.json()).toEqual({ base: region.dicomwebUrl, resources: CAPABILITIES });
      expect((await ask("/", { method: "OPTIONS", headers: { accept: "text/plain" } })).status).toBe(406);
    });

    const exampleOf = (path: string) =>
      path.replace(/\{(frames|attribute)\}/g, "1").replace(/\{[^}]+\}/g, "1.2");
    it("tells of every route and of nothing else", () => {
      const routes = ROUTES.filter(({ path }) => !path.test("/"));
      for (const { method, path } of CAPABILITIES)
        for (const trust of ["", "/RXC"])
          expect([
            path,
            routes.some((route) => route.method === method && route.path.test(trust + exampleOf(path))),
          ]).toEqual([path, true]);
      for (const route of routes)
        expect([
          route.method,
          String(route.path),
          CAPABILITIES.some(
            ({ method, path }) => method === route.method && route.path.test(exampleOf(path)),
          ),
        ]).toEqual([route.method, String(route.path), true]);
    });
  });

  describe("registered viewers' pages", () => {
    const preflight = (origin: string, path = "/studies") =>
      fetch(`${region.dicomwebUrl}${path}`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "GET",
          "access-control-request-headers": "authorization",
        },
      });
    it("are told, without a token, that they may ask with one", async () => {
      const answer = await preflight(VIEWER);
      expect(answer.status).toBe(204);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "access-control-allow-origin": VIEWER,
        "access-control-allow-methods": expect.stringContaining("GET"),
        "access-control-allow-headers": expect.stringMatching(/Authorization.*Range/),
        vary: "Origin",
      });
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    });
    it("read the headers that they need, of answers and of refusals", async () => {
      for (const path of ["/studies", "/studies?Nonsense=1", "/patients"]) {
        const answer = await ask(path, { headers: { origin: "https://other.example" } });
        expect(answer.headers.get("access-control-allow-origin")).toBe("https://other.example");
        expect(answer.headers.get("access-control-expose-headers")).toMatch(/Content-Range.*ETag.*Warning/);
        expect(answer.headers.get("vary")).toContain("Origin");
      }
    });
    it.each([
      "https://evil.example",
      "https://viewer.example.evil.example",
      "null",
      "https://viewer.example:8443",
    ])("%s is none of them", async (origin) => {
      const refused = await preflight(origin);
      const answer = await ask("/studies", { headers: { origin } });
      for (const { headers } of [refused, answer]) {
        expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
        expect(headers.get("vary")).toContain("Origin");
      }
    });
  });
});
