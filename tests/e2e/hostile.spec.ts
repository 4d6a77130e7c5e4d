import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { type DicomJson, mintUid, writePart10 } from "@weald/dicom";
import { complaintsOf } from "./looking.ts";
import { base, rowInList, send, signIn, untilReady } from "./portal.ts";

const PAYLOADS = {
  script: "<script>alert(1)</script>",
  image: "<img src=x onerror=alert(2)>",
  svg: '"><svg onload=alert(3)>',
  url: "javascript:alert(4)",
  template: "{{constructor.constructor('alert(5)')()}}",
  bidi: "\u202Egnp.exe",
} as const;

const folder = mkdtempSync(path.join(tmpdir(), "weald-hostile-"));
const patientId = `HOST-${process.pid}`;
const text = (vr: string, value: string) => ({ vr, Value: [value] });

/** Text that would be a program on a careless page, in every string that a page shows. */
const dataset: DicomJson = {
  "00080005": text("CS", "ISO_IR 192"),
  "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.7"),
  "00080018": text("UI", mintUid()),
  "00080020": text("DA", "20261123"),
  "00080030": text("TM", "110000"),
  "00080050": text("SH", PAYLOADS.url),
  "00080060": text("CS", "OT"),
  "00080080": text("LO", PAYLOADS.image),
  "00080090": { vr: "PN", Value: [{ Alphabetic: PAYLOADS.svg }] },
  "00081030": text("LO", `${PAYLOADS.script} study`),
  "0008103E": text("LO", PAYLOADS.image),
  "00100010": { vr: "PN", Value: [{ Alphabetic: `${PAYLOADS.svg}^${PAYLOADS.template}^${PAYLOADS.bidi}` }] },
  "00100020": text("LO", `${patientId}<b>`),
  "00100030": text("DA", "19800101"),
  "00100040": text("CS", "O"),
  "00104000": text("LT", PAYLOADS.script),
  "00180015": text("CS", "HEAD"),
  "0020000D": text("UI", mintUid()),
  "0020000E": text("UI", mintUid()),
  "00200013": { vr: "IS", Value: [1] },
  "00204000": text("LT", PAYLOADS.image),
  "00280002": { vr: "US", Value: [1] },
  "00280004": text("CS", "MONOCHROME2"),
  "00280010": { vr: "US", Value: [16] },
  "00280011": { vr: "US", Value: [16] },
  "00280100": { vr: "US", Value: [8] },
  "00280101": { vr: "US", Value: [8] },
  "00280102": { vr: "US", Value: [7] },
  "00280103": { vr: "US", Value: [0] },
  "00281055": text("LO", PAYLOADS.script),
  "00281050": { vr: "DS", Value: [100] },
  "00281051": { vr: "DS", Value: [200] },
};

const stamp = "20261123120000";
const report = [
  `MSH|^~\\&|RIS|RXC|WEALD|REGION|${stamp}||ORU^R01^ORU_R01|hostile-${process.pid}|P|2.5.1||||||UNICODE UTF-8`,
  `PID|1||${patientId}<b>^^^RXC^MR||${PAYLOADS.svg}^${PAYLOADS.template.replaceAll("^", "")}||19800101|O`,
  `OBR|1|${PAYLOADS.url}^RXC|${PAYLOADS.url}^RXC|X^${PAYLOADS.script}^NICIP||||||||||||||||||${stamp}|||F|||||||^${PAYLOADS.image}^Eve`,
  `OBX|1|TX|R||${PAYLOADS.script} ${PAYLOADS.image}||||||F`,
].join("\r");

test.beforeAll(async () => {
  writeFileSync(
    path.join(folder, "a.dcm"),
    writePart10({
      dataset,
      pixelData: new Uint8Array(256).fill(90),
      transferSyntaxUid: "1.2.840.10008.1.2.1",
    }),
  );
  const broken = { ...dataset, "00080018": text("UI", mintUid()), "0020000D": text("UI", "not-a-uid") };
  writeFileSync(
    path.join(folder, "b.dcm"),
    writePart10({
      dataset: broken,
      pixelData: new Uint8Array(256),
      transferSyntaxUid: "1.2.840.10008.1.2.1",
    }),
  );
  writeFileSync(path.join(folder, "c.hl7"), report);
  const { lines } = await send("RXC", [folder]);
  expect(lines.at(-1)).toMatchObject({ files: 3, accepted: 2, quarantined: 1 });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("text that would be a program is text, on every page that shows it, and no policy is broken", async ({
  page,
}) => {
  await signIn(page, "Mr Tom Reyes");
  const complaints = complaintsOf(page);
  await page.goto(`${base()}/worklist`);
  const row = await rowInList(page, PAYLOADS.script);
  await row.getByRole("link").first().click();
  await untilReady(page);
  await expect(page.getByTestId("patient-name")).toContainText('"><SVG ONLOAD');
  await expect(page.getByTestId("overlay")).toContainText(PAYLOADS.image);
  await page.keyboard.press("d");
  await expect(page.getByRole("complementary", { name: "Report" })).toContainText(PAYLOADS.script);
  await page.goto(`${base()}/quarantine`);
  await expect(page.getByText("STUDY_UID_MISSING").first()).toBeVisible();
  await page.goto(`${base()}/look-up`);
  await page.getByRole("radio", { name: "Trust's own number" }).check();
  await page.getByRole("combobox", { name: "Trust" }).selectOption("RXC");
  await page.getByLabel("Number in that trust").fill(`${patientId}<b>`);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("link", { name: "Open record" }).click();
  await page.waitForURL(/\/patients\//);
  await expect(page.getByText(PAYLOADS.script).first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test("what people write as reasons is text, too, on every page that shows it", async ({ page, browser }) => {
  const said = `${PAYLOADS.script} ${PAYLOADS.image}`;
  const opened = async (who: string, trust?: string) => {
    const one = await (await browser.newContext()).newPage();
    const own = complaintsOf(one);
    await signIn(one, who, trust);
    return { page: one, own };
  };
  const manager = complaintsOf(page);
  await signIn(page, "Mr Tom Reyes");

  // A mark and an objection, each with its reason; both are taken back.
  await page.goto(`${base()}/restrictions`);
  const marking = page.getByRole("form", { name: "Mark a patient" });
  await marking.getByLabel("Their number at your trust").fill(`${patientId}<b>`);
  await marking.getByLabel("What they are").selectOption("staff");
  await marking.getByLabel("Why they are marked").fill(said);
  await marking.getByRole("button", { name: "Mark them" }).click();
  const mark = page.getByRole("listitem").filter({ hasText: `Reason: ${said}` });
  await expect(mark).toContainText("Member of staff");
  const objecting = page.getByRole("form", { name: "Record an objection" });
  await objecting.getByLabel("Number of the patient at your trust").fill(`${patientId}<b>`);
  await objecting.getByLabel("Who discussed it with them").fill(said);
  await objecting.getByRole("button", { name: "It is about one study" }).click();
  await objecting.getByLabel("What they object to").selectOption({ index: 1 });
  await objecting.getByRole("button", { name: "Record it" }).click();
  const objection = page.getByRole("listitem").filter({ hasText: `discussed by ${said}` });
  await expect(objection).toContainText("one study");

  // Broken glass, in words; and what its review says.
  const reader = await opened("Dr Amara Okafor", "East Sussex Healthcare");
  await reader.page.goto(`${base()}/look-up`);
  await reader.page.getByRole("radio", { name: "Name and date of birth" }).check();
  await reader.page.getByLabel("Family name").fill("redacted");
  await reader.page.getByLabel("Given name").fill("Robin");
  await reader.page.getByRole("textbox", { name: "Date of birth" }).fill("1979-03-03");
  await reader.page.getByRole("button", { name: "Look up" }).click();
  await reader.page.getByRole("link", { name: "Open record" }).click();
  await reader.page.waitForURL(/\/patients\//);
  await expect(reader.page.getByRole("heading", { level: 1 })).toBeVisible();
  const waits = reader.page.getByText("Care can't wait, and something may be missing here");
  if (await waits.isVisible()) await waits.click();
  await reader.page.getByLabel("In a few words").fill(said);
  await reader.page.getByRole("button", { name: "Another reason, in words" }).click();
  await expect(reader.page.getByRole("region", { name: "Broken glass" })).toContainText("REDACTED, Robin");
  const guardian = await opened("Dr Miriam Sewell");
  await guardian.page.goto(`${base()}/broken-glass`);
  const glass = guardian.page.getByRole("listitem", { name: "REDACTED, Robin" });
  await expect(glass).toContainText(said);
  await glass.getByLabel("What follows").fill(said);
  await glass.getByRole("button", { name: "Needs a conversation" }).click();
  await guardian.page.getByRole("button", { name: "Reviewed" }).click();
  await expect(glass).toContainText(`: ${said}`);
  for (const at of ["/audit", "/audit/unusual", "/restrictions"]) {
    await guardian.page.goto(`${base()}${at}`);
    await expect(guardian.page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  await reader.page.getByRole("button", { name: "Close it now" }).click();

  // An activity, and an organisation with its agreement.
  await page.goto(`${base()}/administration/people`);
  const giving = page.getByRole("form", { name: "Give somebody else an activity" });
  await giving.getByLabel("Their CIS2 user id").fill("555000000666");
  await giving.getByLabel("What they are called").fill(PAYLOADS.script);
  await giving.getByLabel("Until the end of").fill("2027-06-01");
  await giving.getByLabel("Why", { exact: true }).fill(said);
  await giving.getByRole("button", { name: "Give it" }).click();
  const person = page.getByRole("listitem", { name: PAYLOADS.script });
  await expect(person).toContainText(said);
  await page.goto(`${base()}/administration/agreements`);
  const adding = page.getByRole("form", { name: "Add an organisation" });
  await adding.getByLabel("ODS code").fill("RXZ");
  await adding.getByLabel("Name").fill(PAYLOADS.image);
  await adding.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByRole("listitem", { name: `${PAYLOADS.image} with every member` })).toBeVisible();

  // Everybody's pages show them as they were typed.
  await page.goto(`${base()}/restrictions`);
  await objection.getByRole("button", { name: "The patient took it back" }).click();
  await mark.getByLabel("Why the mark is taken away").fill(said);
  await mark.getByRole("button", { name: "Take the mark away" }).click();
  await expect(mark).toHaveCount(0);
  expect([...manager, ...reader.own, ...guardian.own]).toEqual([]);
  for (const one of [reader, guardian]) await one.page.context().close();
});

test("the policy of a page lets scripts run from here alone, and nothing frames it", async ({ request }) => {
  const answer = await request.get(`${base()}/sign-in`);
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic' 'wasm-unsafe-eval'/);
  expect(policy).not.toContain("unsafe-eval' ");
  expect(policy.split("; ").find((one) => one.startsWith("script-src"))).not.toContain("unsafe-inline");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(answer.headers()["referrer-policy"]).toBe("no-referrer");
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
});
