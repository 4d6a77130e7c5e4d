import { expect, test } from "@playwright/test";
import { openFromList, placedOf, rowInList, signInAgain, untilReady, viewportOf } from "./portal.ts";

type Look = { index: string; sum: number };

test("the number beside a picture is never another picture's, not for one turn of the screen", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "HOLLIS", "CT Chest");
  await untilReady(page);
  // Slow enough that what is drawn, what is told and what is asked for come apart where they can.
  const slow = await page.context().newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await viewportOf(page).evaluate((element) => {
    const looks: Look[] = [];
    Object.assign(window, { looks });
    const look = () => {
      const { state, index = "", scale } = (element as HTMLElement).dataset;
      const canvas = element.querySelector("canvas");
      if (state === "ready" && scale && canvas) {
        const copy = document.createElement("canvas");
        [copy.width, copy.height] = [64, 64];
        const context = copy.getContext("2d");
        context?.drawImage(canvas, 0, 0, 64, 64);
        const { data } = context?.getImageData(0, 0, 64, 64) ?? { data: [] };
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) sum = (sum * 31 + (data[at] ?? 0)) % 1_000_003;
        looks.push({ index, sum });
      }
      requestAnimationFrame(look);
    };
    look();
  });
  const AGAIN = 14;
  for (let step = 0; step < AGAIN; step += 1) {
    // The same window once more: a picture is drawn while the next one is on its way.
    await page.keyboard.press("1");
    await page.keyboard.press(step % 2 === 0 ? "ArrowDown" : "ArrowUp");
    await expect(viewportOf(page)).toHaveAttribute("data-index", step % 2 === 0 ? "1" : "0");
    await untilReady(page);
  }
  const looks = await page.evaluate(() => (window as unknown as { looks: Look[] }).looks);
  const sumsOf = (index: string) => new Set(looks.filter((one) => one.index === index).map(({ sum }) => sum));
  expect([sumsOf("0").size, sumsOf("1").size]).toEqual([1, 1]);
  expect(sumsOf("0")).not.toEqual(sumsOf("1"));
});

test("a picture is fitted to its viewport's size, also where the size changes while something is being drawn", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "HOLLIS", "CT Chest");
  const fitted = (): Promise<number> =>
    viewportOf(page).evaluate((element) => Math.min(element.clientWidth, element.clientHeight));
  // As many pixels as there are in a square picture.
  const columns = (await fitted()) / (await placedOf(page)).scale;
  // Something to draw in every turn of the screen, as under a reader's finger on a key.
  await page.evaluate(() => {
    let turn = 0;
    const again = () => {
      turn += 1;
      const key = turn % 2 === 0 ? "1" : "3";
      document.dispatchEvent(new KeyboardEvent("keydown", { key, code: `Digit${key}`, bubbles: true }));
      setTimeout(again, 0);
    };
    again();
  });
  for (const width of [560, 500, 640, 520, 600, 480, 660, 540]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(fitted).toBeLessThan(width);
    const off = async () => Math.abs((await placedOf(page)).scale / ((await fitted()) / columns) - 1);
    await expect.poll(off, `${width} pixels wide`).toBeLessThan(0.005);
  }
});

test("a press on a picture that is going to another place marks nothing", async ({ page }) => {
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "HOLLIS", "CT Chest");
  await page.keyboard.press("m");
  await untilReady(page);
  // As many marks as a drag leaves on the picture: the viewport takes another size, or none, a turn of the screen before it.
  const marksAfter = (width: string) =>
    viewportOf(page).evaluate(async (element, asked) => {
      const turn = () => new Promise((then) => requestAnimationFrame(then));
      const drag = (kind: string, x: number) => {
        const { left, top } = element.getBoundingClientRect();
        const at = { clientX: left + x, clientY: top + 150, button: 0, buttons: 1, bubbles: true };
        element.querySelector("canvas")?.dispatchEvent(new MouseEvent(kind, at));
      };
      element.style.width = asked;
      await turn();
      await turn();
      const hasPlace = element.dataset.scale !== undefined;
      drag("mousedown", 100);
      for (const x of [120, 150, 180]) drag("mousemove", x);
      drag("mouseup", 180);
      element.style.width = "";
      for (let at = 0; at < 20; at += 1) await turn();
      return { hasPlace, marks: element.querySelectorAll("svg text").length };
    }, width);
  expect(await marksAfter("60%")).toEqual({ hasPlace: false, marks: 0 });
  await untilReady(page);
  expect(await marksAfter("")).toEqual({ hasPlace: true, marks: 1 });
});

test("no viewport is drawn before it has a picture", async ({ page }) => {
  await page.addInitScript(() => {
    const drawn: string[] = [];
    Object.assign(window, { drawn });
    // It doesn't rise through the tree, but it goes down through it.
    document.addEventListener(
      "CORNERSTONE_IMAGE_RENDERED",
      ({ target }) => {
        const { testid = "", state = "", index = "" } = (target as HTMLElement).dataset;
        if (state !== "ready") drawn.push(`${testid} ${state} ${index}`);
      },
      true,
    );
  });
  await signInAgain(page, "Dr Rohan Patel");
  await openFromList(page, "HOLLIS", "CT Chest");
  await untilReady(page);
  const drawn = await page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
  // Each viewport with its first picture, and once more where it took its size meanwhile; it was three times and more.
  const viewports = new Set(drawn);
  expect(viewports.size).toBeGreaterThan(0);
  for (const one of viewports) expect(drawn.filter((other) => other === one).length, one).toBeLessThan(3);
});

test("a key that is pressed before the first picture is there isn't lost, nor where that picture can't be had", async ({
  page,
}) => {
  await signInAgain(page, "Dr Rohan Patel");
  const held: (() => Promise<void>)[] = [];
  let isHeld = true;
  await page.route(/\/archive\//, async (route) => {
    if (isHeld) held.push(() => route.continue());
    else await route.continue();
  });
  await (await rowInList(page, "HOLLIS", "CT Chest")).getByRole("link").first().click();
  // As soon as its number stands there: the engine is still to come, and comes while these are pressed.
  await expect(viewportOf(page)).toHaveAttribute("data-count", "80");
  for (let press = 1; press <= 3; press += 1) {
    await page.keyboard.press("ArrowDown");
    await expect(viewportOf(page)).toHaveAttribute("data-index", String(press));
  }
  await expect.poll(() => held.length).toBeGreaterThan(0);
  isHeld = false;
  await Promise.all(held.map((goOn) => goOn()));
  await untilReady(page);
  await expect(viewportOf(page)).toHaveAttribute("data-index", "3");

  await page.unrouteAll();
  await page.route(/\/archive\//, (route) => route.fulfill({ status: 403, body: "" }));
  await page.reload();
  await expect(viewportOf(page)).toHaveAttribute("data-state", "failed");
  await page.unrouteAll();
  await page.keyboard.press("ArrowDown");
  await untilReady(page);
  await expect(viewportOf(page)).toHaveAttribute("data-index", "1");
});
