import { describe, expect, it } from "vitest";
import { Hl7Refused, parseHl7 } from "./hl7.ts";
import { readMessage } from "./read-message.ts";
import { reportStateOf } from "./report.ts";

const MSH = "MSH|^~\\&|RIS|RXC|WEALD|REGION|20261102093000||ORU^R01|M1|P|2.5.1";
const PID = "PID|1||RXC-1001^^^RXC^MR~9990000018^^^NHS^NH||Alder^Rowan^Mary^^Dr||19610403|F";
const AUTHOR = "555021935101^Okafor^Amara^^^Dr^Consultant radiologist";

/** Fields of a segment from a map of positions, so that a test names only what it speaks of. */
const segment = (name: string, fields: Record<number, string>) => {
  const last = Math.max(...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_, index) => fields[index + 1] ?? "")].join("|");
};
const obr = (fields: Record<number, string>) => segment("OBR", { 1: "1", ...fields });
const report = (fields: Record<number, string> = {}, texts = ["Heart normal.", "Lungs clear."]) =>
  [
    MSH,
    PID,
    obr({ 3: "A1^RXC", 22: "20261102093500", 25: "F", 32: AUTHOR, ...fields }),
    ...texts.map((text, index) => `OBX|${index + 1}|TX|REPORT||${text}||||||F`),
  ].join("\r");
const request = (orc: Record<number, string> = {}, fields: Record<number, string> = {}, msh = MSH) =>
  [
    msh.replace("ORU^R01", "ORM^O01"),
    PID,
    segment("ORC", { 1: "NW", 2: "P1^ICE", 3: "A1^RXC", 9: "20261101080000", ...orc }),
    obr({ 3: "A1^RXC", 4: "XCHES^Chest^NICIP", 16: "555021935104^Marlow^Ines^^^Dr", ...fields }),
  ].join("\r");

const read = (text: string) => readMessage(parseHl7(Buffer.from(text)), "RXC");
const readReport = (text: string) => {
  const message = read(text);
  if (message.kind !== "report") throw new Error("no report");
  return message;
};
const readRequest = (text: string) => {
  const message = read(text);
  if (message.kind !== "request") throw new Error("no request");
  return message;
};
const refusal = (text: string): string | undefined => {
  try {
    read(text);
    return undefined;
  } catch (error) {
    if (error instanceof Hl7Refused) return error.code;
    throw error;
  }
};

describe("the patient of a message", () => {
  it("has the trust's number with its issuer, and the NHS number by its type", () =>
    expect(read(report()).identity).toMatchObject({
      localNumber: "RXC-1001",
      issuer: "RXC",
      nhsNumber: "9990000018",
      family: "Alder",
      given: "Rowan",
      middle: "Mary",
      prefix: "Dr",
      birthDate: "1961-04-03",
      sex: "F",
    }));
  it("has them in any order", () => {
    const swapped = report().replace(
      "RXC-1001^^^RXC^MR~9990000018^^^NHS^NH",
      "9990000018^^^NHS^NH~RXC-1001^^^RXC&2.16.1&ISO^MR",
    );
    expect(read(swapped).identity).toMatchObject({
      localNumber: "RXC-1001",
      issuer: "RXC",
      nhsNumber: "9990000018",
    });
  });
  it.each([
    ["19610403", "1961-04-03"],
    ["196104031230", "1961-04-03"],
    ["1961", undefined],
    ["196104", undefined],
    ["00000000", undefined],
    ["19610230", undefined],
    ['""', undefined],
    ["", undefined],
  ])("born %s → %s", (text, iso) =>
    expect(read(report().replace("|19610403|", `|${text}|`)).identity.birthDate).toBe(iso),
  );
});

describe("a report", () => {
  it("has its accession number with issuer, its text as received, its author and role", () =>
    expect(readReport(report()).report).toEqual({
      accessionNumber: "A1",
      issuer: "RXC",
      fillerNumber: "A1",
      status: "final",
      author: "Dr Amara Okafor",
      authorRole: "Consultant radiologist",
      text: "Heart normal.\nLungs clear.",
      reportedAt: new Date("2026-11-02T09:35:00Z"),
    }));
  it.each([
    ["P", "preliminary"],
    ["R", "preliminary"],
    ["F", "final"],
    ["C", "amended"],
    ["A", "addendum"],
    ["X", "cancelled"],
  ])("with status %s is %s", (code, status) =>
    expect(readReport(report({ 25: code })).report.status).toBe(status),
  );
  it("takes its status from OBX-11 where OBR-25 is empty", () =>
    expect(readReport(report({ 25: "" })).report.status).toBe("final"));
  it("keeps escapes, repetitions and blank lines of its text", () => {
    const text = readReport(report({}, ["T1 \\T\\ T2\\.br\\next", "", "a~b"])).report.text;
    expect(text).toBe("T1 & T2\nnext\n\na\nb");
  });
  it("leaves numbers and pictures out of its text", () => {
    const withNumber = `${report()}\rOBX|3|NM|DLP||412||||||F\rOBX|4|ED|PDF||^AP^^Base64^AAAA||||||F`;
    expect(readReport(withNumber).report.text).toBe("Heart normal.\nLungs clear.");
  });
  it("without a time of its own has the message's; in summer the trust's clock counts", () => {
    const summer = report({ 22: "" }).replace("20261102093000", "20260702093000");
    expect(readReport(summer).report.reportedAt.toISOString()).toBe("2026-07-02T08:30:00.000Z");
  });
  it.each([
    ["OBR-18 before the filler number", { 18: "A9", 3: "F7^RIS" }, "A9", "RXC"],
    ["the filler number", { 3: "A1^RXC&oid" }, "A1", "RXC&oid"],
    ["the placer number, where there is no other", { 3: "", 2: "P1^ICE" }, "P1", "ICE"],
    ["without an issuer the trust's own", { 3: "A1" }, "A1", "RXC"],
  ])("is tied by %s", (_says, fields, accessionNumber, issuer) =>
    expect(readReport(report(fields)).report).toMatchObject({ accessionNumber, issuer }),
  );
});

describe("a request", () => {
  it("has what was asked, by whom, how soon and of which side", () => {
    const message = readRequest(
      request({}, { 15: "^^^KNEE^^R", 27: "^^^^^S", 13: "Fell \\T\\ can't stand", 18: "A1" }),
    );
    expect(message.request).toEqual({
      accessionNumber: "A1",
      issuer: "RXC",
      procedureCode: "XCHES",
      procedureText: "Chest",
      bodyPart: "KNEE",
      laterality: "R",
      referrer: "Dr Ines Marlow",
      priority: "stat",
      question: "Fell & can't stand",
      state: "requested",
      requestedAt: new Date("2026-11-01T08:00:00Z"),
    });
    expect(message.referrerId).toBe("555021935104");
  });
  it.each([
    ["NW", "", "requested"],
    ["SC", "SC", "booked"],
    ["SC", "IP", "arrived"],
    ["SC", "A", "arrived"],
    ["SC", "CM", "acquired"],
    ["CA", "", "cancelled"],
    ["OC", "SC", "cancelled"],
    ["SC", "CA", "cancelled"],
  ])("of control %s and status %s is %s", (control, status, state) =>
    expect(readRequest(request({ 1: control, 5: status })).request.state).toBe(state),
  );
  it.each([
    ["S", "stat"],
    ["A", "urgent"],
    ["U", "urgent"],
    ["T", "two-week-wait"],
    ["2WW", "two-week-wait"],
    ["R", "routine"],
    ["", "routine"],
  ])("of priority %s is %s", (code, priority) =>
    expect(readRequest(request({}, { 27: `^^^^^${code}` })).request.priority).toBe(priority),
  );
  it.each(["ORM^O01", "OMI^O23", "OMG^O19"])("comes as %s", (type) =>
    expect(read(request().replace("ORM^O01", type)).kind).toBe("request"),
  );
});

describe("what is refused", () => {
  const noPid = (text: string) => text.replace(`${PID}\r`, "");
  it.each([
    ["an admission (ADT)", report().replace("ORU^R01", "ADT^A01"), "HL7_TYPE_UNSUPPORTED"],
    ["an acknowledgement", report().replace("ORU^R01", "ACK"), "HL7_TYPE_UNSUPPORTED"],
    ["no message time", report().replace("20261102093000", ""), "HL7_CONTROL_MISSING"],
    ["a message time that is none", report().replace("20261102093000", "20261302"), "HL7_CONTROL_MISSING"],
    ["no control id", report().replace("|M1|", "||"), "HL7_CONTROL_MISSING"],
    ["no patient", noPid(report()), "HL7_PATIENT_MISSING"],
    ["an NHS number alone", report().replace("RXC-1001^^^RXC^MR~", ""), "HL7_PATIENT_MISSING"],
    ["no accession number", report({ 3: "" }), "HL7_ACCESSION_MISSING"],
    ["no status", report({ 25: "Z" }), "HL7_STATUS_UNKNOWN"],
    ["no text", report({}, []), "HL7_REPORT_EMPTY"],
    ["only spaces", report({}, ["  "]), "HL7_REPORT_EMPTY"],
    ["two messages in one file", `${report()}\r${report()}`, "HL7_SEVERAL"],
    [
      "two reports in one message",
      `${report()}\r${obr({ 3: "A2^RXC", 25: "F" })}\rOBX|1|TX|R||Other||||||F`,
      "HL7_SEVERAL",
    ],
    ["two requests in one message", `${request()}\rORC|NW|P2|A2\r${obr({ 3: "A2^RXC" })}`, "HL7_SEVERAL"],
  ])("%s", (_says, text, code) => expect(refusal(text)).toBe(code));

  it("not a report of several procedures under one accession number", () =>
    expect(refusal(`${report()}\r${obr({ 1: "2", 3: "A1^RXC", 25: "F" })}`)).toBeUndefined());
  it("not a cancelled report without text", () => expect(refusal(report({ 25: "X" }, []))).toBeUndefined());
  it("and the sentence holds nothing of the message", () => {
    try {
      read(report({ 3: "" }));
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toMatch(/Alder|RXC-1001|9990000018/);
    }
  });
});

describe("what may be said of a report", () => {
  it("no report received is another sentence than not reported", () => {
    expect(reportStateOf(undefined, false)).toBe("none-received");
    expect(reportStateOf(undefined, true)).toBe("not-reported");
  });
  it("the newest version's word, with a request or without", () => {
    expect(reportStateOf("preliminary", true)).toBe("preliminary");
    expect(reportStateOf("addendum", false)).toBe("addendum");
  });
});
