import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { base } from "./portal.ts";

/** What a page says that it should not: errors of the console, of scripts, and of the content security policy. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`script: ${error.message} (${page.url()})`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== "127.0.0.1" && hostname !== "") complaints.push(`another host: ${hostname}`);
  });
  return complaints;
}

const THEMES = ["light", "dark"] as const;

async function setTheme(page: Page, theme: (typeof THEMES)[number]): Promise<void> {
  if ((await page.locator("html").getAttribute("data-theme")) === theme) return;
  await page.context().addCookies([{ name: "weald.theme", value: theme, url: base() }]);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** A theme changes colours and nothing else: what isn't about colour is looked at once. */
const OF_COLOUR = ["color-contrast", "link-in-text-block"];

/** No violation of WCAG 2.2 AA that axe can find, in both themes. `ready` waits until the page shows what it came for. */
export async function expectAccessible(page: Page, ready: () => Promise<void>): Promise<void> {
  for (const theme of THEMES) {
    await setTheme(page, theme);
    await ready();
    const axe = new AxeBuilder({ page });
    const { violations } = await (theme === "light"
      ? axe.withTags(TAGS)
      : axe.withRules(OF_COLOUR)
    ).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${theme} ${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
    expect(found).toEqual([]);
  }
}

/** Nothing runs out of the page to the side. */
export async function expectNoSideways(page: Page): Promise<void> {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(over, "pixels to the side").toBeLessThanOrEqual(0);
}
