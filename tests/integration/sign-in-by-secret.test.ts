import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "./sign-in/browser.ts";
import { type PortalWithProvider, startPortalWithProvider } from "./sign-in/portal-with-provider.ts";

const STARTS_WITHIN_MS = 600_000;

describe("a portal that proves itself by a secret", () => {
  let place: PortalWithProvider;
  beforeAll(async () => {
    place = await startPortalWithProvider({ portalSecret: "a client secret of this test alone" });
  }, STARTS_WITHIN_MS);
  afterAll(() => place?.stop());

  it("signs people in just as by its key", async () => {
    const browser = new Browser();
    const { url } = await browser.signIn(place.portalUrl, "rohan.patel");
    expect(url).toBe(`${place.portalUrl}/worklist`);
    expect(place.proofs).toEqual(["Basic"]);
    expect((await browser.ask(place.portalUrl)).status).toBe(200);
  });
});
