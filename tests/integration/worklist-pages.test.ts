import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fillWithStudies } from "../fixtures/many-studies.ts";
import { rows } from "./sent.ts";

type Cursor = NonNullable<Parameters<typeof Worklist.list>[1]["cursor"]>;

let region: Region;
beforeAll(async () => {
  region = await Region.create();
  await fillWithStudies(region, { studies: 260, patients: 100, from: 0 });
  // Two pages without a time, and a page that holds both.
  await rows(
    region,
    "UPDATE study SET studied_at = NULL WHERE substring(storage_id from 5)::int % 3 = 0 RETURNING id::text",
  );
});
afterAll(() => region.stop());

it("the list's pages, each by the key of the one before, are the whole list in its order, those without a time last", async () => {
  const ctx = region.as("amara.okafor@RXC");
  const pages: string[][] = [];
  for (let cursor: Cursor | undefined; ; ) {
    const { rows: listed, next } = await Worklist.list(ctx, { cursor });
    pages.push(listed.map(({ studyId }) => studyId));
    if (!next) break;
    cursor = next;
  }
  const whole = await rows<{ id: string }>(
    region,
    "SELECT id::text FROM study ORDER BY studied_at DESC NULLS LAST, id DESC",
  );
  expect(pages.map((page) => page.length)).toEqual([50, 50, 50, 50, 50, 10]);
  expect(pages.flat()).toEqual(whole.map(({ id }) => id));
});
