import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { bytesOf, type Said, type Shot } from "../integration/sent.ts";
import { complaintsOf, expectAccessible } from "./looking.ts";
import { base, send, signIn } from "./portal.ts";
import { workbookOf } from "./workbook.ts";

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
    Array.from({ length: GOOD + 1 }, (_, nth) => ({
      ...{ of: personOf(nth), counted: 1, description: "XR Chest" },
    })),
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
  await expectAccessible(page, () => expect(caseOf(page, 0)).toBeVisible());

  // A spreadsheet is read here, and says the same of who is listed already.
  await page.getByRole("button", { name: "Add cases" }).click();
  await page.getByLabel("Or a file (CSV, Excel)").setInputFiles({
    name: "list.xlsx",
    mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    buffer: await workbookOf([
      ["NHS number", "Surname", "Question", "Referrer"],
      [numberOf(GOOD), `Aspen${GOOD}`, "Out of a spreadsheet", "Mr Daniel Ashdown"],
      [numberOf(0), "Aspen0", "Twice", "Mr Daniel Ashdown"],
    ]),
  });
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(2)).toContainText("on this list already");
  await page.getByRole("button", { name: "Add 1 case" }).click();
  await expect(caseOf(page, GOOD)).toContainText("Out of a spreadsheet");
  await page.getByRole("button", { name: "Close adding" }).click();

  // Taken off with a reason, and put back.
  const last = caseOf(page, GOOD);
  await last.getByRole("button", { name: /^Open/ }).click();
  await last.getByLabel("What else it needs").fill("MR liver <= 28 days");
  await last.getByRole("button", { name: "Add the line" }).click();
  await expect(last.getByText("MR liver: missing").first()).toBeVisible();
  await last.getByLabel("Why").last().fill("Seen in clinic");
  await last.getByRole("button", { name: "Take off" }).click();
  await expect(last).toHaveCount(0);
  await page.getByRole("button", { name: "Taken off (1)" }).click();
  await page.getByRole("button", { name: /^Put back/ }).click();
  await expect(page.getByRole("button", { name: /^Taken off/ })).toHaveCount(0);
  await expect(last).toContainText("Out of a spreadsheet");

  await page.getByRole("button", { name: "Rooms and note" }).click();
  await page.getByLabel("Note for this meeting").fill("Pathology joins by video.");
  await page.getByRole("button", { name: "Keep rooms and note" }).click();
  await expect(page.getByText("Pathology joins by video.").first()).toBeVisible();
  for (const name of ["PDF with names", "PDF without names"]) {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name }).click();
    const file = await (await download).path();
    expect(readFileSync(file).subarray(0, 5).toString()).toBe("%PDF-");
  }
  expect(complaints).toEqual([]);
});

test("a theatre list: an operation on the other side than the images is red, and put right it isn't", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await sendShots("RA2", [
    {
      ...{ of: personOf(GOOD + 1), modality: "DX", description: "XR Knee", counted: 1 },
      more: { "00180015": { vr: "CS", Value: ["KNEE"] }, "00200062": { vr: "CS", Value: ["R"] } },
    },
  ]);
  await signIn(page, "Ms Beth Calloway");
  await page.goto(`${base()}/meetings/series`);
  const form = page.getByRole("form", { name: "Begin a series" });
  await form.getByLabel("What it is").selectOption("theatre");
  await form.getByLabel("Name").fill("Theatre 2");
  await form.getByLabel("Specialty").fill("Orthopaedics");
  await form.getByLabel("From", { exact: true }).fill(new Date().toISOString().slice(0, 10));
  await form.getByRole("button", { name: "Begin this series" }).click();
  await expect(page.getByText(/Theatre list, Orthopaedics/)).toBeVisible();
  await page.goto(`${base()}/meetings`);
  await page.getByRole("link", { name: "Theatre 2" }).last().click();
  await page
    .getByLabel("Paste lines from a spreadsheet or an e-mail")
    .fill(`${numberOf(GOOD + 1)}\tAspen${GOOD + 1}\tTotal knee replacement\tLeft\tMiss Priya Nair`);
  await page.getByRole("button", { name: "Check these lines" }).click();
  await page.getByRole("button", { name: "Add 1 case" }).click();
  const one = caseOf(page, GOOD + 1);
  await expect(one).toContainText("Total knee replacement, LEFT");
  await expect(one).toContainText("images are of: RIGHT");
  await expect(one.getByText("Operation and side: missing").first()).toBeVisible();
  await one.getByRole("button", { name: /^Open/ }).click();
  await page.screenshot({ path: test.info().outputPath("theatre.png"), fullPage: true });
  await one.getByLabel("Side", { exact: true }).selectOption("R");
  await one.getByRole("button", { name: "Keep operation" }).click();
  await expect(one.getByText("Operation and side: ready").first()).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "PDF with names" }).click();
  await (await download).saveAs(test.info().outputPath("theatre.pdf"));
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
  // Whoever is asked is told, and the page says so.
  const form = first.getByRole("form", { name: /^Ask about/ });
  await form.getByLabel("A member").selectOption({ label: "Ms Beth Calloway" });
  await form.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(first.getByText("an e-mail goes out within minutes")).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("arrived.png"), fullPage: true });

  // From its images, onto a later meeting's list.
  await first.getByRole("link", { name: /^CT Chest/ }).click();
  await page.getByRole("button", { name: "Report (D)" }).click();
  await page.getByRole("button", { name: "List for MDT …" }).click();
  const listing = page.getByRole("form", { name: "List for a meeting" });
  const later = listing.getByLabel("Meeting").locator("option").filter({ hasText: "Lung MDT" }).last();
  await listing.getByLabel("Meeting").selectOption((await later.getAttribute("value")) ?? "");
  await listing.getByLabel("Question").fill("And after treatment?");
  await page.screenshot({ path: test.info().outputPath("list-for.png") });
  await listing.getByRole("button", { name: "List", exact: true }).click();
  await page.getByRole("link", { name: "Its list" }).click();
  await expect(caseOf(page, 0)).toContainText("And after treatment?");
  await other.context().close();
});
