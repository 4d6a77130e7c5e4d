import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { bytesOf, type Said, type Shot } from "../integration/sent.ts";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, send, signIn } from "./portal.ts";

const GOOD = 34;

/** The nth NHS number of a range that the demonstration leaves free; none for those whose check digit would be 10. */
function nhsNumber(nth: number): string | undefined {
  const digits = `9994${String(nth).padStart(5, "0")}`;
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? undefined : `${digits}${check}`;
}
const NUMBERS = Array.from({ length: GOOD + 30 }, (_, nth) => nhsNumber(nth)).filter(
  (one) => one !== undefined,
);
const numberOf = (nth: number): string => NUMBERS[nth] ?? "";
const dayOf = (nth: number) => String((nth % 28) + 1).padStart(2, "0");

const personOf = (nth: number, trust = "RA2"): Said => ({
  localNumber: `${trust}-MDT-${nth}`,
  nhs: numberOf(nth),
  family: `Aspen${nth}`,
  given: "Robin",
  born: `195501${dayOf(nth)}`,
  sex: "F",
});

/** Sends as a trust's gateway does. */
async function sendShots(trust: string, shots: readonly Shot[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-mdt-"));
  for (const [at, shot] of shots.entries()) writeFileSync(path.join(folder, `${at}.dcm`), bytesOf(shot));
  const { code } = await send(trust, [folder]);
  expect(code).toBe(0);
}

const lineOf = (nth: number) =>
  [numberOf(nth), `${dayOf(nth)}/01/1955`, `Question ${nth}?`, "Mr Daniel Ashdown"].join("\t");
const BAD = [
  ["999 400 0000\t01/01/1955\tBad digit?\tMr Daniel Ashdown", /check digit does not hold/],
  [`${numberOf(GOOD + 2)}\t01/01/1955\tNobody?\tMr Daniel Ashdown`, /No trust of the region knows/],
  [`${numberOf(3)}\t27/12/1955\tAnother date?\tMr Daniel Ashdown`, /date of birth differs/],
  [`${numberOf(4)}\t31/02/1955\tNo date?\tMr Daniel Ashdown`, /date of birth can't be read/],
  [`${lineOf(5)}`, /stands in a line above already/],
  [`${numberOf(6)}\t06/01/1955\tA date\tMr Daniel Ashdown\tsoon`, /target date can't be read/],
] as const;

const caseOf = (page: Page, nth: number) =>
  page.getByRole("listitem").filter({ hasText: new RegExp(`ASPEN${nth},`) });

async function openMeeting(page: Page): Promise<void> {
  await page.goto(`${base()}/meetings`);
  // The next whose list is still open: the demonstration listed its own cases there.
  await page
    .getByRole("row")
    .filter({ hasText: "closes in" })
    .getByRole("link", { name: "Lung MDT" })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Lung MDT" })).toBeVisible();
}

test("forty lines are pasted: those that are right are listed, and each of the six others says what is wrong with it", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await sendShots(
    "RA2",
    Array.from({ length: GOOD }, (_, nth) => ({ of: personOf(nth), counted: 1, description: "XR Chest" })),
  );
  await signIn(page, "Ms Beth Calloway");
  const complaints = complaintsOf(page);
  await openMeeting(page);
  await page.getByRole("button", { name: "Add cases" }).click();
  const text = [...Array.from({ length: GOOD }, (_, nth) => lineOf(nth)), ...BAD.map(([line]) => line)].join(
    "\n",
  );
  await page.getByLabel("Paste lines from a spreadsheet or an e-mail").fill(text);
  await page.getByRole("button", { name: "Check these lines" }).click();
  const lines = page.getByRole("table", { name: "Lines and who they mean" }).getByRole("row");
  await expect(lines).toHaveCount(GOOD + BAD.length + 1);
  for (const [at, [, why]] of BAD.entries()) await expect(lines.nth(GOOD + at + 1)).toContainText(why);
  await page.screenshot({ path: test.info().outputPath("lines.png"), fullPage: true });
  await page.getByRole("button", { name: `Add ${GOOD} cases` }).click();
  await expect(page.getByText(`${GOOD} cases added`)).toBeVisible();
  // What was not listed is still here, with why.
  await expect(lines).toHaveCount(BAD.length + 1);
  await expect(caseOf(page, 0)).toContainText("Question 0?");
  await expect(caseOf(page, GOOD - 1)).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("list.png"), fullPage: true });
  expect(complaints).toEqual([]);
  await page.getByRole("button", { name: "Close adding" }).click();
  await expectAccessible(page, () => expect(caseOf(page, 0)).toBeVisible());
});

test("a scan arrives from another trust and its line turns ready without a reload; two who edit at once lose nothing", async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  await signIn(page, "Ms Beth Calloway");
  await openMeeting(page);
  const first = caseOf(page, 0);
  await expect(first.getByText("CT chest, at most 28 days old: missing")).toBeVisible();
  await first.getByRole("button", { name: /^Open/ }).click();
  const question = first.getByRole("textbox", { name: "Question" });
  await question.fill("Typed by one");

  const other = await (await browser.newContext()).newPage();
  await signIn(other, "Ms Beth Calloway");
  await openMeeting(other);
  const theirs = caseOf(other, 0);
  await theirs.getByRole("button", { name: /^Open/ }).click();
  await theirs.getByRole("textbox", { name: "Question" }).fill("Typed by the other");
  await theirs.getByRole("button", { name: "Keep question" }).click();
  await expect(theirs.getByRole("button", { name: "Keep question" })).toBeHidden();

  // The first sees the other's words beside their own, and neither is lost.
  await expect(first.getByText("Somebody else changed this while you typed")).toBeVisible({
    timeout: 30_000,
  });
  await expect(first.getByText("Now it says: “Typed by the other”", { exact: false })).toBeVisible();
  await expect(question).toHaveValue("Typed by one");
  await page.screenshot({ path: test.info().outputPath("both.png"), fullPage: true });
  await first.getByRole("button", { name: "Mine shall stand" }).click();
  await first.getByRole("button", { name: "Keep question" }).click();
  await expect(theirs.getByRole("textbox", { name: "Question" })).toHaveValue("Typed by one", {
    timeout: 30_000,
  });

  const now = new Date();
  const today = now.toISOString().slice(0, 10).replaceAll("-", "");
  await sendShots("RXC", [
    {
      ...{ of: personOf(0, "RXC"), modality: "CT", description: "CT Chest", counted: 1, date: today },
      more: { "00180015": { vr: "CS", Value: ["CHEST"] } },
    },
  ]);
  await expect(first.getByText("CT chest, at most 28 days old: ready").first()).toBeVisible({
    timeout: 60_000,
  });
  await page.screenshot({ path: test.info().outputPath("arrived.png"), fullPage: true });
  await other.context().close();
});
