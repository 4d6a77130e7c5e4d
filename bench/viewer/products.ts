import { chromium, type Page } from "@playwright/test";
import { type DemoStudy, studyUidOf } from "@weald/dev-env/phantoms";
import { browserOptions } from "../../tests/e2e/browser.ts";
import { base, signIn } from "../../tests/e2e/portal.ts";
import type { Product } from "./measure.ts";

const WINDOW = { viewport: { width: 1280, height: 720 }, locale: "en-GB" } as const;
const READER = "Dr Rohan Patel";

const rowOf = (page: Page, { key, description, patient }: DemoStudy) =>
  page
    .getByRole("row")
    // Five letters: those after them may have accents that the key leaves out.
    .filter({ hasText: new RegExp(patient.slice(0, 5), "i") })
    .filter({ hasText: key.startsWith("bench") ? description : /CT Chest(?! bench)/ })
    .getByRole("link")
    .first();

/** As OHIF's list says it; descriptions it leaves out. */
export function timeOf({ time }: Pick<DemoStudy, "time">): string {
  const [hour, minute] = [Number(time.slice(0, 2)), time.slice(2, 4)];
  return `${String(hour % 12 || 12).padStart(2, "0")}:${minute} ${hour < 12 ? "AM" : "PM"}`;
}

/** Weald, to a reader who has signed in: the sign-in is no part of any time. */
export async function wealdProduct(
  port: number,
): Promise<
  Product & { holds(study: DemoStudy): Promise<boolean>; look(studies: readonly DemoStudy[]): Promise<void> }
> {
  const browser = await chromium.launch(await browserOptions());
  const first = await browser.newContext(WINDOW);
  const page = await first.newPage();
  await signIn(page, READER);
  const storageState = await first.storageState();
  const addresses = new Map<string, string>();
  async function holds(study: DemoStudy): Promise<boolean> {
    await page.goto(`${base()}/worklist`);
    await page.getByRole("row").nth(1).waitFor();
    return (await rowOf(page, study).count()) > 0;
  }
  return {
    name: "Weald",
    watched: {
      canvas: "[data-testid=viewport] canvas",
      full: "[data-testid=viewport][data-state=ready]",
      frames: "/instances/[^/]+/[0-9a-f]+$|/packs/[^/]+/frames",
    },
    ports: [port, port + 1, port + 2],
    holds,
    /** Finds out what the studies' addresses are. */
    async look(studies) {
      for (const study of studies) {
        if (!(await holds(study))) throw new Error(`${study.key} isn't in the list`);
        addresses.set(study.key, (await rowOf(page, study).getAttribute("href")) ?? "");
      }
      await browser.close();
    },
    enter: async (fresh) => (await fresh.newContext({ ...WINDOW, storageState })).newPage(),
    address: ({ key }) => `${base()}${addresses.get(key)}`,
    list: `${base()}/worklist`,
    // Nothing is left out.
    loadRest: async () => {},
    async find(page, study) {
      const link = rowOf(page, study);
      await link.waitFor();
      return () => link.click();
    },
  };
}

/** What OHIF leaves on its page for those who look into it. */
type OhifPage = {
  cornerstone: {
    getRenderingEngines(): { getViewports(): { getImageIds(): string[] }[] }[];
    imageLoader: { loadAndCacheImage(imageId: string): Promise<unknown> };
  };
};

export function ohifProduct(url: string): Product {
  return {
    name: "OHIF on Orthanc",
    watched: { canvas: ".cornerstone-canvas", full: ".cornerstone-canvas", frames: "/frames/" },
    ports: [Number(new URL(url).port)],
    async enter(fresh) {
      const page = await (await fresh.newContext(WINDOW)).newPage();
      // Its tour for newcomers lies over the picture and takes keys.
      await page.addInitScript(() => localStorage.setItem("shownTours", '["basicViewerTour"]'));
      return page;
    },
    address: (study) => `${url}/viewer?StudyInstanceUIDs=${studyUidOf(study)}`,
    list: `${url}/`,
    loadRest: (page) =>
      page.evaluate(async () => {
        const { cornerstone } = globalThis as unknown as OhifPage;
        const imageIds = cornerstone.getRenderingEngines()[0]?.getViewports()[0]?.getImageIds() ?? [];
        await Promise.all(imageIds.map((imageId) => cornerstone.imageLoader.loadAndCacheImage(imageId)));
      }),
    async find(page, study) {
      const row = page
        .getByRole("row")
        .filter({ hasText: timeOf(study) })
        .first();
      await row.waitFor();
      await row.click();
      const open = page.getByRole("button", { name: "Basic Viewer" });
      await open.waitFor();
      return () => open.click();
    },
  };
}
