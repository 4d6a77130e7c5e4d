import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, type BrowserContext, devices, expect, type Page, test } from "@playwright/test";
import { readMailBox } from "@weald/adapters/mail-box";
import { mintUid } from "@weald/dicom";
import { codedStudy, writeAll } from "../fixtures/coded/coded-study.ts";
import { entriesIn } from "../read-zip.ts";
import { complaintsOf, expectAccessible, expectNoSideways } from "./looking.ts";
import { base, openFromList, send, signIn } from "./portal.ts";
import { waitAfterTries, waitUntilOver } from "./waiting.ts";

const { defaultBrowserType: _browser, ...PHONE } = devices["iPhone 13"];
/** A CT of this trust, with its report. */
const WHO = "ZIELI";

const phone = (browser: Browser): Promise<BrowserContext> =>
  browser.newContext({ ...PHONE, locale: "en-GB", timezoneId: "Europe/London" });
const picture = (page: Page) => page.getByTestId("picture");
/** The canvas of the viewer's engine: a plain picture has another. */
const engineIn = (page: Page) => picture(page).locator("canvas.cornerstone-canvas");
/** Edges are smoothed before the window by the engine and after it without: of 64 × 64 parts of the screen so many may differ. */
const EDGES = 0.06;
/** Of 255. */
const SAME_GREY = 8;

/** The share of the screen in which two pictures of it differ. */
const apartBy = (page: Page, a: Buffer, b: Buffer): Promise<number> =>
  page.evaluate(
    async ([pictures, most]) => {
      const [one = [], other = []] = await Promise.all(
        pictures.map(async (bytes) => {
          const image = await createImageBitmap(
            new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))]),
          );
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [64, 64];
          const context = canvas.getContext("2d");
          if (context) context.imageSmoothingQuality = "high";
          context?.drawImage(image, 0, 0, 64, 64);
          return [...(context?.getImageData(0, 0, 64, 64).data ?? [])];
        }),
      );
      return one.filter((value, at) => Math.abs(value - (other[at] ?? 0)) > most).length / one.length;
    },
    [[a.toString("base64"), b.toString("base64")], SAME_GREY] as const,
  );
const look = async (page: Page, name: string) => {
  await page.screenshot({ path: `../test-results/link-${name}.png`, fullPage: true });
};
/** What the screen of a phone shows of it at once. */
const glance = async (page: Page, name: string) => {
  await page.screenshot({ path: `../test-results/link-${name}.png` });
};

/** Fingers on the middle of the picture that go up or down, as a phone tells it. */
async function fingers(page: Page, ...ways: { from: number; to: number }[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", part?: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints:
        part === undefined
          ? []
          : ways.map(({ from, to }, id) => ({ id, x: 195, y: from + (to - from) * part })),
    });
  await touch("touchStart", 0);
  for (let step = 1; step <= 5; step += 1) await touch("touchMove", step / 5);
  await touch("touchEnd");
  await session.detach();
}
const scaleOf = async (page: Page): Promise<number> => Number(await picture(page).getAttribute("data-scale"));

/** A wheel at a desk: a picture on and back, while the page stays; beyond the first and the last the page scrolls. */
async function wheelThrough(page: Page): Promise<void> {
  const scrolled = () => page.evaluate(() => window.scrollY);
  const isAt = async (index: number) => {
    await expect(picture(page)).toHaveAttribute("data-index", `${index}`);
    await expect(picture(page)).toHaveAttribute("data-state", "ready");
  };
  const slider = page.getByLabel("Which picture");
  await picture(page).hover();
  await page.keyboard.press("Home");
  await isAt(0);
  const before = await scrolled();
  await page.mouse.wheel(0, 120);
  await isAt(1);
  await page.mouse.wheel(0, 120);
  await isAt(2);
  await page.mouse.wheel(0, -120);
  await isAt(1);
  expect(await scrolled()).toBe(before);
  await page.keyboard.press("End");
  const last = Number(await slider.getAttribute("max")) - 1;
  await isAt(last);
  await page.mouse.wheel(0, 120);
  await expect.poll(scrolled).toBeGreaterThan(before);
  await isAt(last);
  await page.keyboard.press("Home");
  await isAt(0);
  await page.mouse.wheel(0, -1200);
  await expect.poll(scrolled).toBe(0);
}

/** The zip that a press of this button gives. */
async function taken(page: Page, button: string | RegExp): Promise<Map<string, Buffer>> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  await expect(page.getByText("Downloaded. That you did is on your record.")).toBeVisible();
  return entriesIn(readFileSync(await (await download).path()));
}

/** As if its files were so large: in turn so much that a browser holds one, and more than it holds. */
async function enlarged(page: Page): Promise<void> {
  let at = 0;
  const size = () => (at++ % 2 === 0 ? 200_000_000 : 400_000_000);
  await page.route(/readSeries/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/"sizeBytes":\d+/g, () => `"sizeBytes":${size()}`);
    await route.fulfill({ response: answer, body });
  });
}

/** Part by part, by its buttons: a zip, and a file that the browser saves itself. */
async function takenInParts(page: Page): Promise<void> {
  await enlarged(page);
  await page.getByRole("button", { name: "Download for a doctor (DICOM)" }).click();
  await expect(page.getByText("It comes in 2 parts.")).toBeVisible();
  const first = await taken(page, /^Part 1 of 2, about 200 MB$/);
  expect([...first.keys()]).toEqual(["DICOM/S0000001/I0000001", "index-1.html"]);
  const isDicom = (bytes: Buffer | undefined) => bytes?.subarray(128, 132).toString() === "DICM";
  expect(isDicom(first.get("DICOM/S0000001/I0000001"))).toBe(true);
  expect(String(first.get("index-1.html"))).toContain("part 1 of 2");
  await expect(page.getByRole("button", { name: /^Part 1 of 2.*: downloaded$/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Part 2 of 2/ })).not.toContainText("downloaded");
  await glance(page, "parts");

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Part 2 of 2/ }).click();
  expect(isDicom(readFileSync(await (await download).path()))).toBe(true);
  await expect(page.getByRole("button", { name: /^Part 2 of 2.*: downloaded$/ })).toBeVisible();
  await page.unroute(/readSeries/);
}

/** What the region's timer does each minute, now: nobody waits for it here. */
async function sendMessages(): Promise<void> {
  const functions = `http://127.0.0.1:${Number(process.env.WEALD_E2E_PORT) + 8}/2015-03-31/functions`;
  const event = { source: "aws.scheduler", time: new Date().toISOString() };
  await fetch(`${functions}/SendMessagesHandler/invocations`, {
    method: "POST",
    body: JSON.stringify(event),
  });
}

/** The newest letter that says it, in the mail box of this region. */
async function letterWith(to: string, what: RegExp): Promise<string> {
  const found = { text: "" };
  await sendMessages();
  await expect(async () => {
    const letters = await readMailBox(`${process.env.WEALD_E2E_HOME}/mail-box`);
    found.text = letters.find((one) => one.to === to && what.test(one.text))?.text ?? "";
    expect(found.text).toMatch(what);
  }).toPass({ timeout: 90_000 });
  return found.text;
}
const LINK = /\/link#([A-Za-z0-9_-]{22})/;
const CODE = /code is ([0-9]{6})/;

/** Asks for a code where a link leads, and gives it. */
async function enter(page: Page, address: string): Promise<void> {
  await page.getByRole("button", { name: "Send me a code" }).click();
  await expect(page.getByRole("heading", { name: "Type your code" })).toBeVisible();
  const code = CODE.exec(await letterWith(address, CODE))?.[1] ?? "";
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL(`${base()}/link/images`);
}

async function openOwn(page: Page, which = /CT Chest\s*East Sussex/): Promise<void> {
  await openFromList(page, WHO, which);
}

async function ruleAtOnce(browser: Browser): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await signIn(page, "Mr Tom Reyes");
  await page.goto(`${base()}/administration/release`);
  await expectAccessible(page, () => expect(page.getByRole("heading", { level: 1 })).toBeVisible());
  await page.getByLabel("Patients may see them").selectOption("at-once");
  await page.getByRole("button", { name: "State this rule" }).click();
  await expect(page.getByRole("list", { name: "Rules" })).toContainText("at once");
  await page.getByLabel("Who explains images").fill("Your consultant's team, within 14 days");
  await page.getByLabel("Telephone for questions").fill("01483 555 0100");
  await page.getByLabel("Its hours").fill("Monday to Friday, 9 am to 5 pm");
  await page.getByRole("button", { name: "Keep this" }).click();
  await expect(page.getByText("Kept.")).toBeVisible();
  await look(page, "rules");
  await context.close();
}

const OBJECTS = /\/(archive|shares)\//;
const CODE_FILES = /\/_next\/static\/.*\.js$/;

/** Whether code of the engine came to a page. To be asked before it is opened. */
function engineCode(page: Page): () => Promise<boolean> {
  const bodies: Promise<boolean>[] = [];
  page.on("response", (response) => {
    if (!CODE_FILES.test(response.url())) return;
    const isEngine = response.text().then((text) => text.includes("cornerstone-canvas"));
    bodies.push(isEngine.catch(() => false));
  });
  return async () => (await Promise.all(bodies)).some(Boolean);
}

/** What is drawn without the engine can't be had, but for so many pictures at first: the others are drawn by it. */
async function onlyByEngine(page: Page, butFirst = 0): Promise<void> {
  let given = 0;
  await page.route(OBJECTS, async (route) => {
    const isPicture = route.request().headers().range !== undefined;
    if (isPicture && given >= butFirst && (await engineIn(page).count()) === 0)
      return route.fulfill({ status: 403, body: "" });
    if (isPicture) given += 1;
    return route.continue();
  });
}

async function lookAtFirst(page: Page): Promise<void> {
  await page
    .getByRole("button", { name: /^Look at/ })
    .first()
    .click();
  await expect(picture(page)).toHaveAttribute("data-state", "ready");
}

/** Code that the page asks for once a small picture is there: the viewer's, before anybody looks. */
function codeAhead(page: Page): Promise<unknown> {
  let isPictureThere = false;
  page.on("response", (response) => {
    if (response.headers()["content-type"] === "image/jpeg") isPictureThere = true;
  });
  // From before the code's letter is on its way.
  return page.waitForRequest((request) => isPictureThere && CODE_FILES.test(request.url()), {
    timeout: 90_000,
  });
}

test.use({ actionTimeout: 15_000 });

test("a study is shared by message; on a phone it opens with a code, is swiped through, passed on, and ended in mid-scroll", async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  await ruleAtOnce(browser);
  const address = `robin.${Date.now()}@example.org`;
  await signIn(page, "Dr Amara Okafor", "East Sussex Healthcare");
  await openOwn(page);
  await page.keyboard.press("d");
  await page.getByRole("link", { name: "Share with the patient" }).click();
  await page.waitForURL(/\/share$/);
  await expectAccessible(page, () => expect(page.getByText("May go now")).toBeVisible());
  await expectNoSideways(page);
  await page.getByRole("button", { name: "Add a contact" }).click();
  await page.getByLabel("How", { exact: true }).selectOption("email");
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel(/I have read it back/).check();
  await page.getByRole("button", { name: "Add this contact" }).click();
  await expect(page.getByRole("radio", { name: `E-mail to ${address}` })).toBeChecked();
  await page.getByLabel("They may download the images").check();
  await page.getByLabel(/They asked for it now/).check();
  await page.getByRole("button", { name: "Share with the patient" }).click();
  await expect(page.getByText("The link is made")).toBeVisible();
  await look(page, "staff-share");

  const token = LINK.exec(await letterWith(address, LINK))?.[1] ?? "";
  const context = await phone(browser);
  const patient = await context.newPage();
  const complaints = complaintsOf(patient);
  // A scanner fetches it again and again, and nothing comes of it (a hundred times: tests/integration/links/door.test.ts).
  const bodies = new Set<string>();
  for (let time = 0; time < 20; time += 1) {
    const got = await context.request.get(`${base()}/link`);
    expect((await context.request.head(`${base()}/link`)).status()).toBe(200);
    expect(got.headers()["cache-control"]).toContain("no-store");
    expect(got.headers()["referrer-policy"]).toBe("no-referrer");
    expect(got.headers()["set-cookie"]).toBeUndefined();
    bodies.add((await got.text()).replace(/nonce="[^"]*"|"nonce":"[^"]*"|[A-Za-z0-9+/]{22}==/g, ""));
  }
  expect(bodies.size).toBe(1);

  await patient.goto(`${base()}/link#${token}`);
  await expect(patient.getByRole("heading", { name: "Something is ready for you to see" })).toBeVisible();
  await expect.poll(() => patient.url()).toBe(`${base()}/link`);
  await look(patient, "start");
  const [ahead, hasEngine] = [codeAhead(patient), engineCode(patient)];
  await enter(patient, address);
  await expect(patient.getByText("Chest CT scan").first()).toBeVisible();
  await expect(patient.getByTestId("preview").first()).toBeVisible();
  await expect(patient.getByText(/zieli/i)).toHaveCount(0);
  await expectAccessible(patient, () => expect(patient.getByTestId("preview").first()).toBeVisible());
  await expectNoSideways(patient);
  await look(patient, "images-dark");
  await patient.getByRole("button", { name: "Show whose images these are" }).click();
  await expect(patient.getByTestId("whose")).toContainText(/zieli/i);
  await expect(patient.getByText("01483 555 0100").first()).toBeVisible();

  await ahead;
  await patient.waitForLoadState("networkidle");
  expect(await hasEngine()).toBe(false);
  await patient.route(CODE_FILES, (route) => route.abort());
  await patient
    .getByRole("button", { name: /^Look at/ })
    .first()
    .click();
  await expect(picture(patient)).toHaveAttribute("data-state", "ready");
  await expect(engineIn(patient)).toHaveCount(0);
  await patient.unrouteAll();
  const withoutEngine = await picture(patient).screenshot();
  await glance(patient, "viewer");
  await patient.keyboard.press("ArrowDown");
  await expect(picture(patient)).toHaveAttribute("data-index", "1");
  await patient.getByRole("button", { name: "Next picture" }).click();
  await expect(picture(patient)).toHaveAttribute("data-index", "2");
  await fingers(patient, { from: 330, to: 200 });
  await expect(picture(patient)).not.toHaveAttribute("data-index", "2");
  const whole = await scaleOf(patient);
  await fingers(patient, { from: 250, to: 190 }, { from: 290, to: 350 });
  await expect.poll(async () => (await scaleOf(patient)) / whole).toBeGreaterThan(3);
  await patient.keyboard.press("0");
  await expect.poll(async () => (await scaleOf(patient)) / whole).toBeCloseTo(1, 2);
  await patient.keyboard.press("Escape");
  await expect(picture(patient)).toHaveCount(0);

  // In a tunnel: what isn't here says so, nothing else goes, and it goes on behind it.
  const lookAgain = () =>
    patient
      .getByRole("button", { name: /^Look at/ })
      .first()
      .click();
  await lookAgain();
  await expect(picture(patient)).toHaveAttribute("data-state", "ready");
  await patient.route(OBJECTS, (route) => route.abort());
  await patient.route(CODE_FILES, (route) => route.abort());
  await patient.keyboard.press("End");
  await expect(picture(patient)).toHaveAttribute("data-state", "failed");
  await expect(picture(patient).getByText("This picture can't be shown here.")).toBeVisible();
  await patient.unrouteAll();
  await patient.keyboard.press("ArrowUp");
  await expect(picture(patient)).toHaveAttribute("data-state", "ready");
  await patient.reload();

  // What can't be had so is drawn by the viewer's engine, from where they are: the same picture, in the same place.
  await onlyByEngine(patient, 1);
  await lookAgain();
  await expect(picture(patient)).toHaveAttribute("data-state", "ready");
  await expect(engineIn(patient)).toHaveCount(0);
  await patient.keyboard.press("End");
  await expect(engineIn(patient)).toHaveCount(1);
  await expect(picture(patient)).toHaveAttribute("data-state", "ready");
  const last = await picture(patient).getAttribute("data-index");
  expect(Number(last)).toBeGreaterThan(10);
  await patient.keyboard.press("Home");
  await expect(picture(patient)).toHaveAttribute("data-index", "0");
  await expect(picture(patient)).toHaveAttribute("data-state", "ready");
  const byEngine = await picture(patient).screenshot();
  writeFileSync("../test-results/link-without-engine.png", withoutEngine);
  writeFileSync("../test-results/link-by-engine.png", byEngine);
  const edges = await apartBy(patient, withoutEngine, byEngine);
  console.log(`differs in ${(100 * edges).toFixed(2)} % of the screen`);
  expect(edges).toBeLessThan(EDGES);
  await patient.unrouteAll({ behavior: "wait" });
  await patient.keyboard.press("Escape");
  await expect(picture(patient)).toHaveCount(0);

  await patient.getByRole("button", { name: "Read the report" }).click();
  await expect(patient.getByText(/^Written by/)).toBeVisible();
  await look(patient, "report");
  await patient.getByRole("link", { name: "Pass on to a doctor or nurse" }).click();
  await expectAccessible(patient, () => expect(patient.getByLabel("Their name")).toBeVisible());
  await expectNoSideways(patient);
  const clinic = `lee.${Date.now()}@example.org`;
  await patient.getByLabel("Their name").fill("Dr Lee");
  await patient.getByLabel("Their e-mail address").fill(clinic);
  await look(patient, "pass-on");
  await patient.getByRole("button", { name: "Pass on", exact: true }).click();
  await expect(patient.getByText("A link is on its way to Dr Lee.")).toBeVisible();
  const passed = LINK.exec(await letterWith(clinic, LINK))?.[1] ?? "";
  const elsewhere = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 720 } });
  const lee = await elsewhere.newPage();
  // Typed by hand where nobody taps a link.
  await lee.goto(`${base()}/link`);
  await lee.getByLabel("Your link's code").fill(passed);
  // Small pictures can't be had at first: they come by themselves once they can.
  await lee.route(OBJECTS, (route) => route.fulfill({ status: 403, body: "" }));
  await enter(lee, clinic);
  await expect(lee.getByText("A patient has shared these images with you")).toBeVisible();
  await expect(lee.getByText("Small pictures are still on their way.")).toBeVisible();
  await lee.unrouteAll({ behavior: "wait" });
  await expect(lee.getByRole("link", { name: "Who has looked" })).toHaveCount(0);
  await expect(lee.getByTestId("preview").first()).toBeVisible();
  await expect(lee.getByText("Small pictures are still on their way.")).toHaveCount(0);
  await look(lee, "passed-on-desktop");
  await lookAtFirst(lee);
  await expect(engineIn(lee)).toHaveCount(0);
  await wheelThrough(lee);
  await lee.keyboard.press("Escape");
  await onlyByEngine(lee);
  await lookAtFirst(lee);
  await expect(engineIn(lee)).toHaveCount(1);
  await wheelThrough(lee);
  await lee.unrouteAll({ behavior: "wait" });

  await waitUntilOver(clinic);
  await lee.reload();
  await expectAccessible(lee, () =>
    expect(lee.getByRole("heading", { name: "This link's time is over" })).toBeVisible(),
  );

  await patient.goto(`${base()}/link/looks`);
  await expectAccessible(patient, () => expect(patient.getByText("Dr Lee").first()).toBeVisible());
  await expect(patient.getByText("A radiologist (a doctor who reads images)").first()).toBeVisible();
  await look(patient, "looks");
  // Its clock is ours from here on: what is asked for each twenty seconds isn't waited for.
  await patient.clock.install();
  await patient.goto(`${base()}/link/images`);
  await patient
    .getByRole("button", { name: /^Look at/ })
    .first()
    .click();
  await expect(picture(patient)).toHaveAttribute("data-state", "ready");

  // Ended by staff while both look.
  await page.reload();
  await expect(page.getByText(/Opened (once|\d+ times)/).first()).toBeVisible();
  await look(page, "staff-links");
  await page.getByRole("button", { name: "End all links" }).click();
  await page.getByRole("button", { name: "Yes, end every link" }).click();
  await expect(page.getByText("Ended: by staff").first()).toBeVisible();
  await patient.clock.fastForward(21_000);
  await expect(patient.getByRole("heading", { name: "This link has ended" })).toBeVisible();
  await expect(picture(patient)).toHaveCount(0);
  await look(patient, "ended");
  // What was refused and cut off above, and nothing else.
  expect(complaints.filter((one) => !/403|net::ERR_FAILED/.test(one))).toEqual([]);
  await context.close();
  await elsewhere.close();
});

test("a proxy gets it in person, by a QR code and a code on paper; wrong codes pause and lock; whoever got it by mistake ends it", async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  await signIn(page, "Dr Amara Okafor", "East Sussex Healthcare");
  await openOwn(page, /XR Chest\s*East Sussex/);
  await page.keyboard.press("d");
  await page.getByRole("link", { name: "Share with the patient" }).click();
  await page.waitForURL(/\/share$/);
  const sharing = page.url();
  await page.getByRole("link", { name: "Who acts for them, contacts, wishes and all links" }).click();
  await page.waitForURL(/\/links$/);
  const proxies = page.getByRole("form", { name: "Add who acts for them" });
  const proxy = `Anna Holloway ${Date.now()}`;
  await proxies.getByLabel("Name").fill(proxy);
  await proxies.getByLabel("On which basis").selectOption("nomination");
  await proxies.getByLabel("What you saw of it").fill("their signed letter");
  await proxies.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("list", { name: "Proxies" })).toContainText(proxy);
  await page.getByLabel(/^Call me first/).check();
  await expect(page.getByText("Kept.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(/^Call me first/)).toBeChecked();
  await expect(page.getByLabel(/^Quiet mode/)).not.toBeChecked();
  await page.getByLabel(/^Call me first/).uncheck();
  await expect(page.getByText("Kept.")).toBeVisible();

  await page.goto(sharing);
  await expect(page.getByText("May go now")).toBeVisible();
  await page.getByLabel(new RegExp(`^${proxy}`)).check();
  await page.getByLabel(/^In person, by a QR code/).check();
  await page.getByLabel("They may download the images").check();
  await page.getByRole("button", { name: "Share with the patient" }).click();
  await page.getByRole("button", { name: "Show the QR code now" }).click();
  await expect(page.getByRole("img", { name: "QR code of the link" })).toBeVisible();
  await look(page, "staff-qr");
  const token = (await page.getByTestId("link-code").textContent()) ?? "";
  const paper = (await page.getByTestId("paper-code").textContent()) ?? "";

  const context = await phone(browser);
  // As Safari, which has no way to write as it reads.
  await context.addInitScript("delete window.showSaveFilePicker");
  const patient = await context.newPage();
  await patient.goto(`${base()}/link`);
  await expectAccessible(patient, () => expect(patient.getByLabel("Your link's code")).toBeVisible());
  await expectNoSideways(patient);
  await patient.getByLabel("Your link's code").fill("too short");
  await patient.getByRole("button", { name: "Send me a code" }).click();
  await expect(patient.getByText("This isn't the whole code of your link.")).toBeVisible();
  await look(patient, "typed");
  const give = async (code: string) => {
    await patient.getByLabel("Code", { exact: true }).fill(code);
    await patient.getByRole("button", { name: "Go on" }).click();
  };
  const begin = async () => {
    // As from a message: the page is loaded with the link, not turned to it.
    await patient.goto("about:blank");
    await patient.goto(`${base()}/link#${token}`);
    await patient.getByRole("button", { name: "Send me a code" }).click();
    await expect(patient.getByRole("heading", { name: "Type your code" })).toBeVisible();
  };
  await begin();
  await glance(patient, "code");
  await give(paper);
  await patient.waitForURL(`${base()}/link/images`);
  await expect(patient.getByText("for the person you act for")).toBeVisible();
  const pictures = await taken(patient, "Download the pictures (JPEG)");
  expect(pictures.get("pictures/set-1/0001.jpg")?.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(String(pictures.get("index.html"))).toContain('src="pictures/set-1/0001.jpg"');
  expect(String(pictures.get("index.html"))).not.toMatch(/zieli/i);
  writeFileSync("../test-results/link-picture.jpg", pictures.get("pictures/set-1/0001.jpg") ?? "");
  await patient.getByRole("button", { name: "I have finished" }).click();
  await patient.waitForURL(`${base()}/link`);

  // The same code once more, and others.
  await begin();
  for (let time = 0; time < 5; time += 1) {
    await give(paper);
    await expect(patient.getByRole("button", { name: "Go on" })).toBeEnabled();
    await expect(patient.getByText("That code isn't right")).toBeVisible();
  }
  await give(paper);
  await expect(patient.getByText("so we wait for 15 minutes")).toBeVisible();
  await glance(patient, "paused");

  // A quarter of an hour later it is heard again; ten wrong ones lock it.
  await waitAfterTries(16);
  for (let time = 0; time < 5; time += 1) {
    await expect(patient.getByRole("button", { name: "Go on" })).toBeEnabled();
    await give(paper);
  }
  await expect(patient.getByRole("heading", { name: "This link is locked" })).toBeVisible();
  await look(patient, "locked");
  await patient.getByRole("button", { name: "Ask for a new link" }).click();
  await expect(patient.getByRole("heading", { name: "We have passed that on" })).toBeVisible();

  await begin();
  await patient.getByRole("button", { name: "This isn't me" }).click();
  await patient.getByRole("button", { name: "End this link" }).click();
  await expect(patient.getByText("This link has ended and works for nobody now.")).toBeVisible();
  // Gone at once, for whoever looks over a shoulder, and the way back doesn't lead here.
  await patient.route("https://www.bbc.co.uk/**", (route) => route.fulfill({ body: "weather" }));
  for (let time = 0; time < 3; time += 1) await patient.keyboard.press("Shift");
  await patient.waitForURL("https://www.bbc.co.uk/weather");

  await page.goto(`${base()}/links`);
  await expectAccessible(page, () => expect(page.getByText("“This isn't me”").first()).toBeVisible());
  await expect(page.getByText("A new link is asked for").first()).toBeVisible();
  await look(page, "staff-tasks");
  await page.getByRole("link", { name: /ZIELI/ }).first().click();
  await page.waitForURL(/\/patients\/[^/]+\/links$/);
  await expectAccessible(page, () =>
    expect(page.getByRole("heading", { name: "Who acts for them" })).toBeVisible(),
  );
  await expectNoSideways(page);
  await look(page, "staff-patient-links");
  await context.close();
});

/** Pictures that the engine alone decodes. */
const SQUEEZED: ReadonlySet<string> = new Set(["RLE", "JPEG-LS"]);

test("of a compressed series the engine's code is there before anybody looks; what a browser can't hold is taken away in parts", async ({
  page,
  browser,
}) => {
  test.setTimeout(180_000);
  const study = {
    ...{ studyInstanceUid: mintUid(), patientId: `SQUEEZED-${Date.now()}` },
    ...{ family: "Squeezed", description: "Compressed pictures" },
  };
  const folder = mkdtempSync(path.join(tmpdir(), "weald-squeezed-"));
  const coded = await codedStudy(study, "without");
  writeAll(
    folder,
    coded.filter(({ name }) => SQUEEZED.has(name)),
  );
  const { lines } = await send("RXC", [folder]);
  rmSync(folder, { recursive: true });
  expect(lines.at(-1)).toMatchObject({ accepted: SQUEEZED.size });

  await signIn(page, "Dr Amara Okafor", "East Sussex Healthcare");
  await openFromList(page, "SQUEEZED");
  await page.keyboard.press("d");
  await page.getByRole("link", { name: "Share with the patient" }).click();
  await page.waitForURL(/\/share$/);
  await expect(page.getByText("May go now")).toBeVisible();
  await page.getByLabel(/^In person, by a QR code/).check();
  await page.getByLabel("They may download the images").check();
  await page.getByRole("button", { name: "Share with the patient" }).click();
  await page.getByRole("button", { name: "Show the QR code now" }).click();
  const token = (await page.getByTestId("link-code").textContent()) ?? "";
  const paper = (await page.getByTestId("paper-code").textContent()) ?? "";

  // Wrong codes of other journeys come from this address, too: an hour passes.
  await waitAfterTries(61);
  const context = await phone(browser);
  // As Safari, which has no way to write as it reads.
  await context.addInitScript("delete window.showSaveFilePicker");
  const patient = await context.newPage();
  const hasEngine = engineCode(patient);
  await patient.goto(`${base()}/link#${token}`);
  await patient.getByRole("button", { name: "Send me a code" }).click();
  await patient.getByLabel("Code", { exact: true }).fill(paper);
  await patient.getByRole("button", { name: "Go on" }).click();
  await patient.waitForURL(`${base()}/link/images`);
  await expect(patient.getByRole("button", { name: /^Look at/ }).first()).toBeVisible();
  await expect.poll(hasEngine, { timeout: 30_000 }).toBe(true);
  await takenInParts(patient);
  await lookAtFirst(patient);
  await expect(engineIn(patient)).toHaveCount(1);
  await context.close();
});
