import { describe, expect, it } from "vitest";
import { Hl7Refused, parseHl7 } from "./hl7.ts";
import { readMessage } from "./read-message.ts";

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
    expect(read(report())).toMatchObject({
      localNumber: "RXC-1001",
      says: {
        issuer: "RXC",
        nhs: { number: "9990000018", isVerified: undefined },
        name: { family: "Alder", given: "Rowan", middle: "Mary", prefix: "Dr" },
        birthDate: "1961-04-03",
        sex: "F",
      },
    }));
  it("has them in any order", () => {
    const swapped = report().replace(
      "RXC-1001^^^RXC^MR~9990000018^^^NHS^NH",
      "9990000018^^^NHS^NH~RXC-1001^^^RXC&2.16.1&ISO^MR",
    );
    expect(read(swapped)).toMatchObject({
      localNumber: "RXC-1001",
      says: { issuer: "RXC", nhs: { number: "9990000018" } },
    });
  });
  it("has its own trust's number, where a message carries another trust's too", () => {
    const two = report().replace("RXC-1001^^^RXC^MR", "RA2-7^^^RA2^MR~RXC-1001^^^RXC^MR");
    expect(read(two).localNumber).toBe("RXC-1001");
  });
  it.each([
    ["NSTS01", true],
    ["01", true],
    ["NSTS02", false],
    ["", undefined],
  ])("has a number that was traced, by PID-32 %s: %s", (status, isVerified) =>
    expect(read(report().replace("|19610403|F", `|19610403|F${"|".repeat(24)}${status}`)).says.nhs).toEqual({
      number: "9990000018",
      isVerified,
    }),
  );
  it.each([
    ["name", (text: string) => text.replace("Alder^Rowan^Mary^^Dr", '""')],
    ["birthDate", (text: string) => text.replace("|19610403|", '|""|')],
    ["sex", (text: string) => text.replace("|F\rOBR", '|""\rOBR')],
    ["nhs", (text: string) => text.replace("9990000018^^^NHS^NH", '""^^^NHS^NH')],
  ] as const)('takes back its %s by ""', (field, emptied) =>
    expect(read(emptied(report())).says[field]).toBeNull(),
  );
  it.each([
    ["name", (text: string) => text.replace("Alder^Rowan^Mary^^Dr", "")],
    ["birthDate", (text: string) => text.replace("|19610403|", "||")],
    ["sex", (text: string) => text.replace("|F\rOBR", "|\rOBR")],
    ["nhs", (text: string) => text.replace("~9990000018^^^NHS^NH", "")],
  ] as const)("says nothing of its %s where the field is empty", (field, without) =>
    expect(read(without(report())).says[field]).toBeUndefined(),
  );
  it.each([
    ["19610403", "1961-04-03"],
    ["196104031230", "1961-04-03"],
    ["1961", undefined],
    ["196104", undefined],
    ["00000000", undefined],
    ["19610230", undefined],
    ['""', null],
    ["", undefined],
  ])("born %s → %s", (text, iso) =>
    expect(read(report().replace("|19610403|", `|${text}|`)).says.birthDate).toBe(iso),
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
    expect(message.request).toMatchObject({ accessionNumber: "A1", issuer: "RXC" });
    expect(message.request.stated).toMatchObject({
      procedureCode: "XCHES",
      procedureText: "Chest",
      bodyPart: "KNEE",
      laterality: "R",
      referrer: "Dr Ines Marlow",
      priority: "stat",
      question: "Fell & can't stand",
      orderState: "requested",
      requestedAt: new Date("2026-11-01T08:00:00Z"),
      referrerId: "555021935104",
      placerNumber: "P1",
    });
  });
  it("has what the modality worklist asks for, from IPC and TQ1 (OMI) or from OBR (ORM)", () => {
    const work = { modality: "CT", scheduledAt: new Date("2026-11-03T10:15:00Z") };
    const omi = `${request()}\rTQ1|1||||||20261103101500||S\rIPC|A7^RXC|RP1|1.2.3|SPS1|CT||CT 2|Room 4|CT2AE`;
    expect(readRequest(omi).request).toMatchObject({
      accessionNumber: "A7",
      stated: {
        ...work,
        requestedProcedureId: "RP1",
        scheduledStepId: "SPS1",
        studyInstanceUid: "1.2.3",
        stationName: "CT 2",
        location: "Room 4",
        stationAe: "CT2AE",
        priority: "stat",
      },
    });
    const places: Record<number, string>[] = [
      { 24: "CT", 36: "20261103101500" },
      { 24: "CT", 27: "^^^20261103101500" },
    ];
    for (const fields of places) expect(readRequest(request({}, fields)).request.stated).toMatchObject(work);
  });
  it.each([
    ["XO", ""],
    ["SC", ""],
    ["SN", ""],
  ])("of control %s and no status says nothing of the state", (control, status) =>
    expect(readRequest(request({ 1: control, 5: status })).request.stated.orderState).toBeUndefined(),
  );
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
    expect(readRequest(request({ 1: control, 5: status })).request.stated.orderState).toBe(state),
  );
  it.each([
    ["S", "stat"],
    ["A", "urgent"],
    ["U", "urgent"],
    ["T", "two-week-wait"],
    ["2WW", "two-week-wait"],
    ["R", "routine"],
    ["", undefined],
  ])("of priority %s is %s", (code, priority) =>
    expect(readRequest(request({}, { 27: `^^^^^${code}` })).request.stated.priority).toBe(priority),
  );
  it.each(["ORM^O01", "OMI^O23", "OMG^O19"])("comes as %s", (type) =>
    expect(read(request().replace("ORM^O01", type)).kind).toBe("request"),
  );
});

const adt = (event: string, more: string[] = [], evn = "EVN||20261102090000") =>
  [MSH.replace("ORU^R01", `ADT^${event}`), evn, PID, ...more].join("\r");
const pv1 = (fields: Record<number, string>) => segment("PV1", { 1: "1", 2: "I", 19: "V1", ...fields });
const readVisit = (text: string) => {
  const message = read(text);
  if (message.kind !== "person") throw new Error("no person");
  return message.visit;
};

describe("an admission system's message", () => {
  it.each(["A01", "A02", "A03", "A04", "A08", "A11", "A13"])(
    "%s speaks of a stay and who cares for the patient in it",
    (event) =>
      expect(
        readVisit(
          adt(event, [pv1({ 3: "W7^B^12", 7: "111^Marlow", 8: "222", 9: "333~111", 44: "20261102083000" })]),
        ),
      ).toMatchObject({
        visitNumber: "V1",
        fields: {
          patientClass: "I",
          location: "W7 B 12",
          clinicians: ["111", "222", "333"],
          admittedAt: new Date("2026-11-02T08:30:00Z"),
        },
      }),
  );
  it("begins a stay when it happened, and ends it likewise", () => {
    const evn = "EVN||20261102090000||||20261102081500";
    const happened = new Date("2026-11-02T08:15:00Z");
    expect(readVisit(adt("A01", [pv1({})], evn))?.fields).toMatchObject({
      admittedAt: happened,
      dischargedAt: undefined,
    });
    expect(readVisit(adt("A03", [pv1({})], evn))?.fields).toMatchObject({
      admittedAt: undefined,
      dischargedAt: happened,
    });
  });
  it("says nothing of who cares where it names nobody", () =>
    expect(readVisit(adt("A08", [pv1({})]))?.fields.clinicians).toBeUndefined());
  it.each(["A28", "A31"])("%s speaks of a person, of no stay", (event) =>
    expect(readVisit(adt(event, [pv1({})]))).toBeUndefined(),
  );
  it("has the time at which it was recorded, before that at which it was sent", () =>
    expect(read(adt("A31")).messageAt).toEqual(new Date("2026-11-02T09:00:00Z")));
  it("merges the number in MRG-1 into the one in PID-3", () =>
    expect(read(adt("A40", ["MRG|9990000018^^^NHS^NH~RXC-9^^^RXC^MR"]))).toMatchObject({
      kind: "merge",
      localNumber: "RXC-1001",
      oldNumber: "RXC-9",
    }));
});

const siu = (event: string, more: string[] = [], sch: Record<number, string> = {}) =>
  [
    MSH.replace("ORU^R01", `SIU^${event}`),
    segment("SCH", { 1: "P9", 2: "F9", 11: "^^^20261110140000", ...sch }),
    PID,
    ...more,
  ].join("\r");
const readAppointment = (text: string) => {
  const message = read(text);
  if (message.kind !== "appointment") throw new Error("no appointment");
  return message.appointment;
};

describe("an appointment", () => {
  it.each([
    ["S12", "booked"],
    ["S13", "booked"],
    ["S14", undefined],
    ["S15", "cancelled"],
    ["S16", "cancelled"],
    ["S17", "cancelled"],
    ["S26", "no-show"],
  ])("%s makes it %s", (event, state) => expect(readAppointment(siu(event)).fields.state).toBe(state));
  it("has its number, its time, its place and who sees the patient", () =>
    expect(
      readAppointment(siu("S12", ["AIL|1||OPD^3", "AIP|1||111^Marlow", "AIP|2||222^Okafor"])),
    ).toMatchObject({
      appointmentNumber: "F9",
      fields: {
        startsAt: new Date("2026-11-10T14:00:00Z"),
        location: "OPD 3",
        clinicians: ["111", "222"],
      },
      request: undefined,
    }));
  it("books the request that it names, and gives its slot up", () => {
    const booked = readAppointment(siu("S12", ["AIS|1||XCHES^Chest", "AIG|1||CT2^CT 2"], { 27: "A1^RXC" }));
    expect(booked.request).toMatchObject({
      accessionNumber: "A1",
      issuer: "RXC",
      stated: {
        booking: "booked",
        scheduledAt: new Date("2026-11-10T14:00:00Z"),
        procedureCode: "XCHES",
        stationName: "CT 2",
      },
    });
    const given = readAppointment(siu("S15", [], { 26: "A1" })).request;
    expect(given).toMatchObject({ issuer: "RXC", stated: { booking: "cancelled", scheduledAt: null } });
  });
});

describe("what is refused", () => {
  const noPid = (text: string) => text.replace(`${PID}\r`, "");
  it.each([
    ["an unlink (ADT A37)", report().replace("ORU^R01", "ADT^A37"), "HL7_TYPE_UNSUPPORTED"],
    ["an acknowledgement", report().replace("ORU^R01", "ACK"), "HL7_TYPE_UNSUPPORTED"],
    ["no message time", report().replace("20261102093000", ""), "HL7_CONTROL_MISSING"],
    ["a message time that is none", report().replace("20261102093000", "20261302"), "HL7_CONTROL_MISSING"],
    ["no control id", report().replace("|M1|", "||"), "HL7_CONTROL_MISSING"],
    ["no patient", noPid(report()), "HL7_PATIENT_MISSING"],
    ["an NHS number alone", report().replace("RXC-1001^^^RXC^MR~", ""), "HL7_PATIENT_MISSING"],
    ["no accession number", report({ 3: "" }), "HL7_ACCESSION_MISSING"],
    ["an admission to no stay", adt("A01"), "HL7_VISIT_MISSING"],
    ["a transfer in no stay", adt("A02"), "HL7_VISIT_MISSING"],
    ["a discharge of no stay cancelled", adt("A13"), "HL7_VISIT_MISSING"],
    ["a discharge from no stay", adt("A03", ["PV1|1|I"]), "HL7_VISIT_MISSING"],
    ["a merge without the number that ends", adt("A40"), "HL7_MERGE_MISSING"],
    ["a merge of a number with itself", adt("A40", ["MRG|RXC-1001^^^RXC^MR"]), "HL7_MERGE_MISSING"],
    ["two merges at once", adt("A40", ["MRG|RXC-8", PID, "MRG|RXC-9"]), "HL7_SEVERAL"],
    ["an appointment without a number", siu("S12", [], { 1: "", 2: "" }), "HL7_APPOINTMENT_MISSING"],
    ["an appointment's other events", siu("S18"), "HL7_TYPE_UNSUPPORTED"],
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

describe("what holds a patient's link back, or ends it", () => {
  const flagged = (...flags: string[]) =>
    [
      MSH,
      PID,
      obr({ 3: "A1^RXC", 25: "F" }),
      ...flags.map((flag, index) =>
        segment("OBX", { 1: `${index + 1}`, 2: "TX", 5: "A mass.", 8: flag, 11: "F" }),
      ),
    ].join("\r");
  it.each([
    [["AA"], "AA"],
    [["", "HH"], "HH"],
    [["A~LL"], "LL"],
    [["A"], undefined],
    [["N", ""], undefined],
  ])("flags %j of OBX-8: alert %s", (flags, alert) =>
    expect(readReport(flagged(...flags)).report.alert).toBe(alert),
  );

  const person = (pid: Record<number, string>) =>
    [MSH.replace("ORU^R01", "ADT^A31"), segment("PID", { 1: "1", 3: "RXC-1001^^^RXC^MR", ...pid })].join(
      "\r",
    );
  it.each([
    [{ 30: "Y" }, new Date("2026-11-02T09:30:00Z")],
    [{ 29: "20261101120000" }, new Date("2026-11-01T12:00:00Z")],
    [{ 30: "N" }, null],
    [{ 30: '""' }, null],
    [{ 8: "F" }, undefined],
  ])("PID %j: died at %s", (pid, diedAt) =>
    expect(read(person(pid))).toMatchObject({ kind: "person", diedAt }),
  );
});
