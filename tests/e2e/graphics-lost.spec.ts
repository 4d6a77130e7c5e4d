import { expect, type Page, test } from "@playwright/test";
import { openFromList, signIn, untilReady, viewportOf } from "./portal.ts";

type Kept = { graphics: WebGL2RenderingContext[]; words: string[] };

/** Before the page's own code: every context that it gets on the graphics card is known, and what the viewport said since. */
function keepContexts(): void {
  const kept: Kept = { graphics: [], words: [] };
  Object.assign(globalThis, { kept });
  const real = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...asked: [string]) {
    const context = real.apply(this, asked) as WebGL2RenderingContext | null;
    if (asked[0] === "webgl2" && context) kept.graphics.push(context);
    return context;
  } as typeof real;
}

/** All that was on the card goes, as when a driver is reset; whatever stands in the viewport meanwhile is written down. */
const loseGraphics = (page: Page) =>
  page.evaluate(() => {
    const { kept } = globalThis as unknown as { kept: Kept };
    const cell = document.querySelector("[data-cell='1']");
    new MutationObserver(() => kept.words.push(cell?.textContent ?? "")).observe(document.body, {
      ...{ subtree: true, childList: true },
      ...{ characterData: true, attributes: true },
    });
    const all = kept.graphics.splice(0);
    for (const context of all) context.getExtension("WEBGL_lose_context")?.loseContext();
    return all.length;
  });

const graphicsOf = (page: Page) =>
  page.evaluate(
    () =>
      (globalThis as unknown as { kept: Kept }).kept.graphics.filter((one) => !one.isContextLost()).length,
  );

const wordsOf = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { kept: Kept }).kept.words.join("\n"));

/** Every value on the canvas. */
const pictureOf = (page: Page) =>
  viewportOf(page)
    .locator("canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext("2d");
      context?.drawImage(canvas, 0, 0);
      return Array.from(context?.getImageData(0, 0, copy.width, copy.height).data ?? []).filter(
        (_value, at) => at % 4 === 0,
      );
    });

test("a lost graphics card: the viewport says that it loads, and the same picture comes back where the reader stood", async ({
  page,
}) => {
  await page.addInitScript(keepContexts);
  await signIn(page, "Dr Rohan Patel");
  await openFromList(page, "HOLLIS", "CT Chest");
  for (let step = 1; step <= 5; step += 1) {
    await page.keyboard.press("ArrowDown");
    await expect(viewportOf(page)).toHaveAttribute("data-index", String(step));
  }
  // A window and a zoom of the reader's own are no part of the image: they must come back too.
  await untilReady(page);
  const scale = Number(await viewportOf(page).getAttribute("data-scale"));
  await page.keyboard.press("2");
  await expect(page.locator("[data-cell='1']")).toContainText("Lung");
  await page.keyboard.press("+");
  await expect
    .poll(async () => Number(await viewportOf(page).getAttribute("data-scale")))
    .toBeGreaterThan(scale * 1.2);
  const before = await pictureOf(page);
  expect(new Set(before).size).toBeGreaterThan(16);

  expect(await loseGraphics(page)).toBeGreaterThan(0);
  await expect.poll(() => graphicsOf(page)).toBeGreaterThan(0);
  await untilReady(page);
  expect(await wordsOf(page)).toMatch(/not full detail/i);
  await expect(viewportOf(page)).toHaveAttribute("data-index", "5");
  await expect
    .poll(async () => (await pictureOf(page)).every((value, at) => value === before[at]))
    .toBe(true);

  await page.keyboard.press("ArrowDown");
  await expect(viewportOf(page)).toHaveAttribute("data-index", "6");
  await untilReady(page);
  const next = await pictureOf(page);
  expect(next.some((value, at) => value !== before[at])).toBe(true);
  expect(new Set(next).size).toBeGreaterThan(16);
});
