import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigInvalid, configFromEnvironment } from "@weald/adapters";
import { createGovukNotify } from "@weald/adapters/govuk-notify";
import { createMailBox, readMailBox } from "@weald/adapters/mail-box";
import type { Notice, Notifier } from "@weald/core/ports";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const PORTAL = "https://portal.weald.example";
const TOKEN = "AbCdEfGhIjKlMnOpQrStUv";
const SERVICE = "11111111-1111-4111-8111-111111111111";
const SECRET = "22222222-2222-4222-8222-222222222222";
const TEMPLATES = {
  "link.email": "33333333-3333-4333-8333-333333333333",
  "link.sms": "44444444-4444-4444-8444-444444444444",
  "asked.email": "66666666-6666-4666-8666-666666666666",
};
const notice = (more: Partial<Notice> = {}): Notice => ({
  channel: "email",
  to: "robin@example.org",
  template: "link",
  token: TOKEN,
  personalisation: { trust: "Royal Surrey", until: "24 December 2026" },
  reference: "m-1",
  ...more,
});

type Heard = { url: string | undefined; authorization: string | undefined; body: Record<string, unknown> };

describe("a notifier", () => {
  let server: Server;
  let baseUrl: string;
  let answer: { status: number; body: unknown };
  let heard: Heard[];
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "weald-mail-box-"));
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString());
        heard.push({ url: request.url, authorization: request.headers.authorization, body });
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const place = server.address();
    baseUrl = `http://127.0.0.1:${place instanceof Object ? place.port : 0}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    heard = [];
    answer = { status: 201, body: { id: "55555555-5555-4555-8555-555555555555" } };
  });

  const notify = () =>
    createGovukNotify({
      apiKey: `weald-${SERVICE}-${SECRET}`,
      baseUrl,
      templates: TEMPLATES,
      portalUrl: PORTAL,
    });
  const adapters: Record<string, () => Notifier> = {
    "GOV.UK Notify": notify,
    "the mail box": () => createMailBox({ folder, portalUrl: PORTAL }),
  };

  it.each(Object.entries(adapters))(
    "%s takes e-mails and texts, and says its own id of each",
    async (_name, create) => {
      const notifier = create();
      const email = await notifier.send(notice());
      const sms = await notifier.send(notice({ channel: "sms", to: "+447700900123" }));
      for (const { deliveredId } of [email, sms]) expect(deliveredId).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it("GOV.UK Notify is asked as its API wants it, with the link in the fragment of the portal's own address", async () => {
    await notify().send(notice());
    await notify().send(notice({ channel: "sms", to: "+447700900123" }));
    expect(heard).toMatchObject([
      {
        url: "/v2/notifications/email",
        body: {
          template_id: TEMPLATES["link.email"],
          email_address: "robin@example.org",
          reference: "m-1",
          personalisation: { trust: "Royal Surrey", link: `${PORTAL}/link#${TOKEN}` },
        },
      },
      {
        url: "/v2/notifications/sms",
        body: { phone_number: "+447700900123", template_id: TEMPLATES["link.sms"] },
      },
    ]);
    const [, claims = ""] = (heard[0]?.authorization ?? "").replace("Bearer ", "").split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ iss: SERVICE });
  });

  it("a page of the portal for staff is addressed by both, without a link of anybody's", async () => {
    const asked: Notice = {
      ...{ channel: "email", to: "amara@example.org", template: "asked", page: "/meetings/asked" },
      personalisation: { requests: "10 requests", meetings: "Lung MDT, Friday 3 July 2026: 10 requests" },
      reference: "m-2",
    };
    await notify().send(asked);
    expect(heard).toMatchObject([
      {
        body: {
          template_id: TEMPLATES["asked.email"],
          personalisation: { ...asked.personalisation, page: `${PORTAL}/meetings/asked` },
        },
      },
    ]);
    const box = path.join(folder, "staff");
    await createMailBox({ folder: box, portalUrl: PORTAL }).send(asked);
    const [letter] = await readMailBox(box);
    for (const said of ["10 requests for you", "Lung MDT, Friday", `${PORTAL}/meetings/asked`])
      expect(letter?.text).toContain(said);
    expect(letter?.text).not.toContain("{");
  });

  it.each([
    [400, "BadRequestError", "NOTIFIER_REFUSED"],
    [403, "AuthError", "NOTIFIER_UNAVAILABLE"],
    [429, "TooManyRequestsError", "NOTIFIER_UNAVAILABLE"],
    [500, "Exception", "NOTIFIER_UNAVAILABLE"],
    [503, "Exception", "NOTIFIER_UNAVAILABLE"],
  ])("GOV.UK Notify's %d (%s) is %s, without the message in it", async (status, error, code) => {
    answer = {
      status,
      body: { status_code: status, errors: [{ error, message: "robin@example.org is wrong" }] },
    };
    const failed = await notify()
      .send(notice())
      .catch((one: unknown) => one);
    expect(failed).toMatchObject({ code });
    const all = JSON.stringify(failed, Object.getOwnPropertyNames(failed));
    expect(all).not.toMatch(new RegExp(`robin|${TOKEN}`));
  });
  it("is unavailable where GOV.UK Notify isn't there, and refused where it has no template", async () => {
    const away = createGovukNotify({
      ...{
        apiKey: `weald-${SERVICE}-${SECRET}`,
        baseUrl: "http://127.0.0.1:9",
        templates: TEMPLATES,
        portalUrl: PORTAL,
      },
    });
    await expect(away.send(notice())).rejects.toMatchObject({ code: "NOTIFIER_UNAVAILABLE" });
    await expect(notify().send(notice({ template: "code" }))).rejects.toMatchObject({
      code: "NOTIFIER_REFUSED",
    });
  });

  it("the mail box keeps the newest first, each readable by its owner alone", async () => {
    const box = createMailBox({ folder: path.join(folder, "own"), portalUrl: PORTAL });
    await box.send(notice());
    await box.send(notice({ template: "code", personalisation: { code: "123456", minutes: "10" } }));
    const letters = await readMailBox(path.join(folder, "own"));
    expect(letters).toMatchObject([
      { template: "code", text: expect.stringContaining("123456") },
      { template: "link", text: expect.stringContaining(`${PORTAL}/link#${TOKEN}`) },
    ]);
  });

  it("is no mail box in production, and never one beside a key of Notify's", () => {
    const environment = {
      ...{
        WEALD_DATABASE_URL: "postgresql://x",
        WEALD_QUEUE_URL: "postgresql://x",
        WEALD_OBJECT_ROOT: "/tmp",
      },
      ...{ WEALD_OBJECT_URL: "http://127.0.0.1:1", WEALD_OBJECT_SECRET: "x".repeat(32) },
      ...{ WEALD_PORTAL_URL: PORTAL, WEALD_MAIL_BOX: folder },
    };
    expect(configFromEnvironment(environment).notifier?.kind).toBe("mail-box");
    const production = { ...environment, WEALD_ENVIRONMENT: "production" };
    expect(configFromEnvironment(production).notifier).toBeUndefined();
    const key = { WEALD_NOTIFY_API_KEY: `weald-${SERVICE}-${SECRET}` };
    expect(configFromEnvironment({ ...production, ...key }).notifier?.kind).toBe("govuk-notify");
    expect(() => configFromEnvironment({ ...production, WEALD_NOTIFY_API_KEY: "short" })).toThrow(
      ConfigInvalid,
    );
  });
});
