import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("the DICOMweb door", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());
  const get = (path: string, token?: string) =>
    fetch(`${region.dicomwebUrl}${path}`, token ? { headers: { authorization: `Bearer ${token}` } } : {});

  it.each(["/", "/studies", "/nothing"])(
    "says 401 and how to come in, without a token, at %s",
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="Weald"/);
      expect(await answer.json()).toMatchObject({ code: "TOKEN_INVALID" });
    },
  );

  it("refuses a token that is altered, and one for somebody else", async () => {
    const good = await region.tokenOf(region.system("RXC"));
    const [head, claims, signature] = good.split(".");
    const altered = Buffer.from(
      Buffer.from(claims ?? "", "base64url")
        .toString()
        .replace("RXC", "RTK"),
    ).toString("base64url");
    expect((await get("/nothing", `${head}.${altered}.${signature}`)).status).toBe(401);
    expect((await get("/nothing", good)).status).toBe(404);
  });

  it("refuses a body that is too large for a function before it is read, and names the gateway program", async () => {
    const token = await region.tokenOf(region.system("RXC"));
    const answer = await fetch(`${region.dicomwebUrl}/studies`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": 'multipart/related; type="application/dicom"',
      },
      body: Buffer.alloc(4_500_000),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      code: "STOW_TOO_LARGE",
      message: expect.stringContaining("gateway"),
    });
  });
});
