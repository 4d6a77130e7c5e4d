import { spawn } from "node:child_process";
import path from "node:path";
import { type Cookie, expect, type Locator, type Page } from "@playwright/test";

const ROOT = path.resolve(import.meta.dirname, "../..");
export const base = (): string => process.env.WEALD_E2E_URL ?? "";

/** Those whose list was loaded just now, and nothing was sent since: it needn't be loaded again. */
let onFreshList = new WeakSet<Page>();

export async function signIn(page: Page, who: string, trust?: string): Promise<void> {
  await page.goto(`${base()}/worklist`);
  await page.getByRole("button", { name: /Sign in/ }).click();
  const scope = trust ? page.getByRole("region", { name: trust }) : page;
  await scope
    .getByRole("button", { name: new RegExp(who) })
    .first()
    .click();
  await page.waitForURL(`${base()}/worklist`);
  onFreshList.add(page);
}

const kept = new Map<string, { cookies: Cookie[]; at: number }>();
/** Well within what locks a session that nobody uses. */
const KEPT_MS = 8 * 60_000;

/**
 * As somebody who signed in a journey before, on the same session: for journeys that look at pictures and pages. Those about
 * sessions, looks or broken glass sign in by themselves.
 */
export async function signInAgain(page: Page, who: string): Promise<void> {
  const session = kept.get(who);
  if (session && Date.now() - session.at < KEPT_MS) {
    await page.context().addCookies(session.cookies);
    await page.goto(`${base()}/worklist`);
    session.at = Date.now();
    if (page.url() === `${base()}/worklist`) {
      onFreshList.add(page);
      return;
    }
    await page.context().clearCookies();
  }
  await signIn(page, who);
  kept.set(who, { cookies: await page.context().cookies(), at: Date.now() });
}

/** `npm run send`, as somebody types it; its lines of JSON. */
export async function send(
  trust: string,
  paths: readonly string[],
): Promise<{ code: number; lines: Record<string, unknown>[] }> {
  onFreshList = new WeakSet();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "packages/dev-env/src/cli/weald.ts", "send", "--trust", trust, "--json", ...paths],
    {
      cwd: ROOT,
      env: { ...process.env, WEALD_HOME: process.env.WEALD_E2E_HOME, WEALD_PORT: process.env.WEALD_E2E_PORT },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  const code =
    child.exitCode ??
    (await new Promise<number>((resolve) => child.once("exit", (ended) => resolve(ended ?? 1))));
  return {
    code,
    lines: output
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

export const viewportOf = (page: Page): Locator => page.getByTestId("viewport");

/** Until the full detail of an image is on the screen. */
export async function untilReady(page: Page): Promise<void> {
  await expect(viewportOf(page)).toHaveAttribute("data-state", "ready");
  await expect(viewportOf(page)).toHaveAttribute("data-scale", /\d/);
}

export async function openFromList(page: Page, patient: string, study: string | RegExp = ""): Promise<void> {
  const isFresh = onFreshList.delete(page) && page.url() === `${base()}/worklist`;
  if (!isFresh) await page.goto(`${base()}/worklist`);
  await (await rowInList(page, patient, study)).getByRole("link").first().click();
  await untilReady(page);
}

/** The newest study of the patient in the list that stands open: what other journeys sent may have moved it to an older page. */
export async function rowInList(page: Page, patient: string, study: string | RegExp = ""): Promise<Locator> {
  const row = page.getByRole("row").filter({ hasText: patient }).filter({ hasText: study }).first();
  const older = page.getByRole("button", { name: "Show older studies" });
  await expect(row.or(older).first()).toBeVisible();
  while (!(await row.isVisible()) && (await older.isVisible())) {
    const rows = await page.getByRole("row").count();
    await older.click();
    await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(rows);
  }
  await expect(row).toBeVisible();
  return row;
}

/** The first row of the list that holds a name and whose text matches. */
export async function openRecord(page: Page, patient: string, study: RegExp): Promise<void> {
  const rows = page.getByRole("row").filter({ hasText: patient }).filter({ hasText: study });
  await rows.getByRole("link").first().click();
  await untilReady(page);
}

export type Placed = { scale: number; left: number; top: number; matrix: readonly number[] };

/** Where the picture stands; while a viewport takes another size it has no place, and that is waited for. */
export async function placedOf(page: Page): Promise<Placed> {
  await untilReady(page);
  let said: Record<string, string | undefined> = {};
  // In one look: between two it may begin to take another size.
  await expect
    .poll(async () => {
      said = await viewportOf(page).evaluate((element) => ({ ...(element as HTMLElement).dataset }));
      return said.state === "ready" && said.scale !== undefined;
    })
    .toBe(true);
  const read = (name: string) => Number(said[name]);
  const matrix = (said.matrix ?? "").split(" ").map(Number);
  return { scale: read("scale"), left: read("left"), top: read("top"), matrix };
}

/** Grey values on the canvas at places given in picture pixels; with the exact place that was read. */
export async function greyAt(
  page: Page,
  places: readonly { column: number; row: number }[],
): Promise<{ column: number; row: number; grey: number }[]> {
  const seen = await colourAt(page, places);
  return seen.map(({ column, row, colour: [grey] }) => ({ column, row, grey }));
}

/** Colours on the canvas at places given in picture pixels; with the exact place that was read. */
export async function colourAt(
  page: Page,
  places: readonly { column: number; row: number }[],
): Promise<{ column: number; row: number; colour: [number, number, number] }[]> {
  await untilReady(page);
  let seen: { column: number; row: number; colour: [number, number, number] }[] | undefined;
  // Place and picture in one look: between two the viewport may begin to take another size.
  await expect
    .poll(async () => {
      seen = await viewportOf(page).evaluate(coloursIn, places);
      return seen !== undefined;
    })
    .toBe(true);
  return seen ?? [];
}

/** Runs in the page. `undefined`: no picture stands there just now. */
function coloursIn(
  viewport: HTMLElement | SVGElement,
  asked: readonly { column: number; row: number }[],
): { column: number; row: number; colour: [number, number, number] }[] | undefined {
  const { state, scale: said } = viewport.dataset;
  const canvas = viewport.querySelector("canvas");
  if (state !== "ready" || said === undefined || !canvas) return undefined;
  const [scale, left, top] = [Number(said), Number(viewport.dataset.left), Number(viewport.dataset.top)];
  const ratio = canvas.width / canvas.clientWidth;
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext("2d");
  if (!context) throw new Error("no 2D context");
  context.drawImage(canvas, 0, 0);
  return asked.map(({ column, row }) => {
    // The middle of the canvas pixel nearest to the middle of the picture's pixel.
    const x = Math.floor((left + column * scale) * ratio);
    const y = Math.floor((top + row * scale) * ratio);
    const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
    return {
      column: ((x + 0.5) / ratio - left) / scale,
      row: ((y + 0.5) / ratio - top) / scale,
      colour: [red, green, blue],
    };
  });
}

/** Draws a length from one place of the picture to another. */
export async function measure(
  page: Page,
  from: { column: number; row: number },
  to: { column: number; row: number },
): Promise<void> {
  const { scale, left, top } = await placedOf(page);
  const box = await viewportOf(page).boundingBox();
  if (!box) throw new Error("no viewport");
  const at = ({ column, row }: { column: number; row: number }) =>
    [box.x + left + column * scale, box.y + top + row * scale] as const;
  await page.keyboard.press("m");
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at({ column: (from.column + to.column) / 2, row: (from.row + to.row) / 2 }), {
    steps: 4,
  });
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}
