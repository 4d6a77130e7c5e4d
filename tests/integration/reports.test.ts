import * as Patient from "@weald/core/patient";
import * as Reporting from "@weald/core/reporting";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { findPerson } from "@weald/dev-env/people";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  codeOf,
  image,
  quietCursor,
  report,
  request,
  rowan,
  rowOn,
  rows,
  type Said,
  sendAll,
  studyIdOf,
} from "./sent.ts";

describe("requests and reports by HL7", () => {
  let region: Region;
  let next = 0;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());

  /** A patient, a study and an accession number that no other test speaks of. */
  const fresh = () => {
    next += 1;
    const of: Said = rowan({ localNumber: `H${next}`, nhs: "", given: `Rowan${next}` });
    return { of, study: mintUid(), accession: `A${next}`, id: `M${next}` };
  };
  const reader = () => region.as("rohan.patel");
  const readOf = async (study: string) =>
    Reporting.read(reader(), { studyId: await studyIdOf(region, study) });
  const stateOf = async (study: string) => (await rowOn(reader(), study))?.reportState;
  const send = (...sources: Parameters<typeof sendAll>[2][]) => sendAll(region, "RXC", ...sources);

  it("no report received is not the same as not reported, on the list and beside the images", async () => {
    const { of, study, accession, id } = fresh();
    await send(image({ of, study, accession }));
    expect([await stateOf(study), (await readOf(study)).state]).toEqual(["none-received", "none-received"]);
    await send(request({ of, accession, id, at: "20261101080000", question: "Fell" }));
    expect([await stateOf(study), (await readOf(study)).state]).toEqual(["not-reported", "not-reported"]);
    expect((await readOf(study)).request).toMatchObject({ accessionNumber: accession, question: "Fell" });
  });

  it("preliminary, final, amended, addendum: the latest shows first, each with its text, author, role and trust", async () => {
    const { of, study, accession, id } = fresh();
    const version = (status: "P" | "F" | "C" | "A", hour: string) =>
      report({
        of,
        accession,
        id: `${id}-${status}`,
        at: `202611021${hour}0000`,
        status,
        text: `${status} & more`,
      });
    await send(image({ of, study, accession }));
    for (const [status, hour, state] of [
      ["P", "0", "preliminary"],
      ["F", "1", "final"],
      ["C", "2", "amended"],
      ["A", "3", "addendum"],
    ] as const) {
      expect(await send(version(status, hour))).toEqual(["accepted"]);
      expect([await stateOf(study), (await readOf(study)).state]).toEqual([state, state]);
    }
    const { versions } = await readOf(study);
    expect(versions.map(({ status }) => status)).toEqual(["addendum", "amended", "final", "preliminary"]);
    expect(versions[0]).toMatchObject({
      text: "A & more",
      author: "Dr Amara Okafor",
      authorRole: "Consultant radiologist",
      trust: "RXC",
      version: 4,
    });
  });

  it("a glance at the row is the latest version's own words, on record as the report is; nothing where none stands", async () => {
    const { of, study, accession, id } = fresh();
    const glance = async (uid: string) =>
      Reporting.glance(reader(), { studyId: await studyIdOf(region, uid) });
    const other = fresh();
    await send(image({ of, study, accession }), image(other));
    expect(await glance(other.study)).toBeNull();
    const text = "Chest.\\.br\\Lungs clear.\\.br\\\\.br\\Impression: normal.\\.br\\\\.br\\Dictated.";
    await send(
      report({ of, accession, id: `${id}-P`, at: "20261102100000", status: "P", text: "A first look." }),
      report({ of, accession, id: `${id}-F`, at: "20261102110000", status: "F", text }),
    );
    expect(await glance(study)).toMatchObject({
      state: "final",
      author: "Dr Amara Okafor",
      impression: "normal.",
    });
    const looks = await rows(
      region,
      "SELECT detail FROM audit_event WHERE action = 'reporting.glance' AND outcome = 'success' AND study_id = $1::uuid",
      await studyIdOf(region, study),
    );
    expect(looks).toContainEqual({ detail: { report: "final", part: "impression" } });
  });

  it("comes in any order: the newest by the message's own time shows, whatever came last", async () => {
    const { of, study, accession, id } = fresh();
    const final = report({ of, accession, id: `${id}-F`, at: "20261102110000", status: "F", text: "final" });
    const preliminary = report({
      of,
      accession,
      id: `${id}-P`,
      at: "20261102100000",
      status: "P",
      text: "first",
    });
    await send(final);
    await send(preliminary);
    await send(image({ of, study, accession }));
    await send(request({ of, accession, id, at: "20261101080000" }));
    expect([await stateOf(study), (await readOf(study)).versions.map(({ status }) => status)]).toEqual([
      "final",
      ["final", "preliminary"],
    ]);
  });

  it("once: the same message again is a duplicate, by its control id", async () => {
    const { of, study, accession, id } = fresh();
    const message = { of, accession, id, at: "20261102110000", status: "F", text: "once" } as const;
    await send(image({ of, study, accession }));
    expect(await send(report(message))).toEqual(["accepted"]);
    expect(await send(report(message))).toEqual(["duplicate"]);
    expect((await readOf(study)).versions).toHaveLength(1);
    const asked = { of, accession, id: `${id}-R`, at: "20261101080000" };
    expect(await send(request(asked))).toEqual(["accepted"]);
    expect(await send(request(asked))).toEqual(["duplicate"]);
  });

  it("an older request never overwrites a newer", async () => {
    const { of, study, accession, id } = fresh();
    await send(image({ of, study, accession }));
    await send(
      request({
        of,
        accession,
        id: `${id}-2`,
        at: "20261101090000",
        control: "SC",
        status: "CM",
        question: "new",
      }),
    );
    const older = request({ of, accession, id: `${id}-1`, at: "20261101080000", question: "old" });
    expect(await send(older)).toEqual(["skipped HL7_OLDER"]);
    expect((await readOf(study)).request).toMatchObject({ question: "new", state: "acquired" });
  });

  it("a report whose patient is not its study's, its request's or its first version's is quarantined and not shown", async () => {
    const { of, study, accession, id } = fresh();
    const [other, lonely] = [fresh(), fresh()];
    await send(image({ of, study, accession }));
    const wrong = (spoken: { accession: string }) =>
      report({
        of: other.of,
        id: `${id}-${spoken.accession}`,
        at: "20261102110000",
        status: "F",
        text: "of somebody else",
        ...spoken,
      });
    expect(await send(wrong({ accession }))).toEqual(["quarantined REPORT_PATIENT_MISMATCH"]);
    await send(request({ of: lonely.of, accession: lonely.accession, id: lonely.id, at: "20261101080000" }));
    expect(await send(wrong({ accession: lonely.accession }))).toEqual([
      "quarantined REPORT_PATIENT_MISMATCH",
    ]);
    expect(await readOf(study)).toMatchObject({ state: "none-received", versions: [] });
    const third = fresh();
    const first = { accession: third.accession, at: "20261102110000", status: "F", text: "first" } as const;
    await send(report({ ...first, of: third.of, id: third.id }));
    expect(await send(report({ ...first, of: other.of, id: `${third.id}-2` }))).toEqual([
      "quarantined REPORT_PATIENT_MISMATCH",
    ]);
  });

  it("another patient's request or report under the same accession number never stands beside a study, and who opens it is told", async () => {
    const [one, other] = [fresh(), fresh()];
    await send(
      request({
        of: other.of,
        accession: one.accession,
        id: other.id,
        at: "20261101080000",
        question: "private",
      }),
    );
    await send(
      report({
        of: other.of,
        accession: one.accession,
        id: `${other.id}-F`,
        at: "20261102110000",
        status: "F",
        text: "private",
      }),
    );
    await send(image({ of: one.of, study: one.study, accession: one.accession }));
    expect(await stateOf(one.study)).toBe("none-received");
    const read = await readOf(one.study);
    expect(read).toMatchObject({
      state: "none-received",
      request: undefined,
      versions: [],
      isTiedToAnother: true,
    });
    expect(JSON.stringify(read)).not.toContain("private");
    const plain = fresh();
    await send(request({ of: plain.of, accession: plain.accession, id: plain.id, at: "20261101080000" }));
    await send(image({ of: plain.of, study: plain.study, accession: plain.accession }));
    expect(await readOf(plain.study)).toMatchObject({ state: "not-reported", isTiedToAnother: false });
  });

  it("a request under a known accession number for another patient is quarantined", async () => {
    const [one, other] = [fresh(), fresh()];
    await send(request({ of: one.of, accession: one.accession, id: one.id, at: "20261101080000" }));
    const wrong = request({ of: other.of, accession: one.accession, id: other.id, at: "20261101090000" });
    expect(await send(wrong)).toEqual(["quarantined REQUEST_PATIENT_MISMATCH"]);
  });

  it("the same accession number in two trusts is two studies", async () => {
    const { of, study, accession, id } = fresh();
    await send(image({ of, study, accession }));
    await sendAll(
      region,
      "RA2",
      report({ of, trust: "RA2", accession, id, at: "20261102110000", status: "F", text: "RA2's" }),
    );
    expect(await stateOf(study)).toBe("none-received");
  });

  it.each([
    ["HL7_TYPE_UNSUPPORTED", (text: string) => text.replace("ORU^R01", "ADT^A37")],
    ["HL7_ACCESSION_MISSING", (text: string) => text.replaceAll("AX^RXC", "").replaceAll("|AX|", "||")],
    ["HL7_SEVERAL", (text: string) => `${text}\r${text}`],
  ])("what can't be read is quarantined with its reason: %s", async (code, spoil) => {
    const good = await report({
      of: fresh().of,
      accession: "AX",
      id: "MX",
      at: "20261102110000",
      status: "F",
      text: "x",
    }).read();
    if (!(good instanceof Uint8Array)) throw new Error("no bytes");
    const bytes = Buffer.from(spoil(Buffer.from(good).toString("utf8")));
    const source = {
      name: `${code}.hl7`,
      kind: "hl7" as const,
      sizeBytes: bytes.length,
      read: async () => bytes,
    };
    expect(await send(source)).toEqual([`quarantined ${code}`]);
  });

  it("who asked sees their patient without being asked why, until 180 days after, and no longer for a clock that runs ahead", async () => {
    const { of, study, accession, id } = fresh();
    const referrer = `${findPerson("ines.marlow")?.person.uid}^Marlow^Ines`;
    await send(
      image({ of, study, accession }),
      request({ of, accession, id, at: "20990101000000", referrer }),
    );
    const clinician = region.as("ines.marlow");
    expect(await rowOn(clinician, study)).toBeDefined();
    expect(await codeOf(Study.open(clinician, { studyId: await studyIdOf(region, study) }))).toBe("done");
    const [{ days } = { days: 0 }] = await rows<{ days: number }>(
      region,
      "SELECT extract(day FROM ends_at - now())::int AS days FROM relationship WHERE source = $1",
      `request RXC ${accession}`,
    );
    expect(days).toBeGreaterThan(178);
    expect(days).toBeLessThanOrEqual(180);
  });

  it("an open list hears of a report, of a request, and of a patient who is marked", async () => {
    const { of, study, accession, id } = fresh();
    await send(image({ of, study, accession }));
    const ctx = reader();
    const heard: boolean[] = [];
    const during = async (work: () => Promise<unknown>) => {
      const since = await quietCursor(ctx);
      await work();
      heard.push((await Worklist.hasChanged(ctx, { since })).changed);
    };
    await during(async () => undefined);
    await during(() => send(request({ of, accession, id, at: "20261101080000" })));
    await during(() =>
      send(report({ of, accession, id: `${id}-F`, at: "20261102110000", status: "F", text: "x" })),
    );
    await during(() =>
      Patient.markSensitive(region.as("tom.reyes"), {
        custodian: "RXC",
        localNumber: of.localNumber,
        sensitivities: ["vip"],
      }),
    );
    expect(heard).toEqual([false, true, true, true]);
    expect(await rowOn(ctx, study)).toBeUndefined();
  });

  it("messages are kept as received, and an audit row says whom they speak of and nothing of what they say", async () => {
    const { of, accession, id } = fresh();
    await send(report({ of, accession, id, at: "20261102110000", status: "F", text: "a secret finding" }));
    const [{ object_key: key = "" } = {}] = await rows<{ object_key: string }>(
      region,
      "SELECT object_key FROM report_version WHERE message_id = $1",
      `RIS|RXC ${id}`,
    );
    const kept: Uint8Array[] = [];
    for await (const chunk of await region.service.ports.archive.read(key)) kept.push(chunk);
    expect(Buffer.concat(kept).toString()).toContain("a secret finding");
    const audited = await rows(
      region,
      "SELECT detail, reason FROM audit_event WHERE action = 'message.accept-messages'",
    );
    expect(JSON.stringify(audited)).not.toMatch(/secret|Alder/);
  });
});
