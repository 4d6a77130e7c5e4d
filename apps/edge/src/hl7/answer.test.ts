import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Answer, acknowledgement, escaped } from "./acknowledge.ts";
import { envelopeOf, STANDARD } from "./envelope.ts";
import { faultOf, type Rules } from "./judge-message.ts";

const own = { id: "W1", now: new Date("2026-11-25T10:00:00Z") };
const rules: Rules = { processingIds: ["P"], senders: [] };
const MSH = "MSH|^~\\&|PAS|RXC|WEALD|REGION|20261102093000||ADT^A31^ADT_A05|M1|P|2.5.1||||||8859/1";
const PID = "PID|1||N1^^^RXC^MR||Alder^Rowan";
const bytes = (...lines: string[]) => Buffer.from(lines.join("\r"), "latin1");
const linesOf = (message: Uint8Array) => Buffer.from(message).toString("latin1").split("\r").filter(Boolean);

const judged = (message: Uint8Array, more: Partial<Rules> = {}): string => {
  const fault = faultOf(envelopeOf(message), message, { ...rules, ...more });
  return fault && "condition" in fault ? `${fault.code} ${fault.condition}` : "taken";
};

describe("an answer", () => {
  it("goes back to who sent the message, with its id, type, processing id, version and character set", () => {
    expect(linesOf(acknowledgement(envelopeOf(bytes(MSH, PID)), { code: "AA" }, own))).toEqual([
      "MSH|^~\\&|WEALD|REGION|PAS|RXC|20261125100000+0000||ACK^A31^ACK|W1|P|2.5.1||||||8859/1",
      "MSA|AA|M1",
    ]);
  });
  it("says what is wrong and where, by table 0357", () => {
    const answer: Answer = { code: "AE", condition: 101, place: "PID^1^3", sentence: "No number | here." };
    expect(linesOf(acknowledgement(envelopeOf(bytes(MSH)), answer, own)).slice(1)).toEqual([
      "MSA|AE|M1",
      "ERR||PID^1^3|101^Required field missing^HL70357|E||||No number \\F\\ here.",
    ]);
  });
  it("is in the sender's own delimiters", () => {
    const odd = bytes("MSH#*~!&#PAS#RXC#WEALD#REGION#20261102093000##ADT*A31#M#1".replace("M#1", "M1#P#2.4"));
    const answer: Answer = { code: "AR", condition: 201, place: "MSH^1^9", sentence: "no # here" };
    expect(linesOf(acknowledgement(envelopeOf(odd), answer, own))).toEqual([
      "MSH#*~!&#WEALD#REGION#PAS#RXC#20261125100000+0000##ACK*A31*ACK#W1#P#2.4",
      "MSA#AR#M1",
      "ERR##MSH*1*9#201*Unsupported event code*HL70357#E####no !F! here",
    ]);
  });
  it("answers what is no message too", () => {
    const [msh = "", msa] = linesOf(
      acknowledgement(undefined, { code: "AR", condition: 100, sentence: "x" }, own),
    );
    expect([msh.startsWith("MSH|^~\\&|"), msa]).toEqual([true, "MSA|AR|"]);
  });
  it("gives a control id back byte for byte, whatever letters it has", () => {
    const message = bytes(MSH.replace("|M1|", "|M\xfc\\T\\1|"), PID);
    expect(linesOf(acknowledgement(envelopeOf(message), { code: "AA" }, own))[1]).toBe("MSA|AA|M\xfc\\T\\1");
  });
  it("never holds a line, a frame or a delimiter of its sentence's own, whatever the sentence", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (sentence) => {
        const answer: Answer = { code: "AE", condition: 207, sentence };
        const text = acknowledgement(envelopeOf(bytes(MSH)), answer, own).toString("latin1");
        expect(text).not.toMatch(/[\x0b\x1c]/);
        expect(text.split("\r")).toHaveLength(4);
        expect(text.split("\r")[2]?.split("|")).toHaveLength(9);
      }),
    );
  });
  it("never breaks, whatever the message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, begins) => {
        const message = Buffer.concat([Buffer.from(begins ? "MSH|^~\\&|" : ""), noise]);
        const envelope = envelopeOf(message);
        faultOf(envelope, message, rules);
        const ack = acknowledgement(envelope, { code: "AA" }, own).toString("latin1");
        expect(ack.split("\r")).toHaveLength(3);
        expect(ack).not.toMatch(/[\x0b\x1c]/);
      }),
      { numRuns: 1000 },
    );
  });
  it.each([
    ["|", "\\F\\"],
    ["^", "\\S\\"],
    ["&", "\\T\\"],
    ["~", "\\R\\"],
    ["\\", "\\E\\"],
    ["\r", "\\X0D\\"],
  ])("escapes %j", (letter, text) => expect(escaped(letter, STANDARD)).toBe(text));
});

describe("a message at the door", () => {
  const siu = bytes(MSH.replace("ADT^A31^ADT_A05", "SIU^S12"), "SCH|P1", PID);
  const oru = bytes(
    MSH.replace("ADT^A31^ADT_A05", "ORU^R01"),
    PID,
    "OBR|1||A1|||||||||||||||||||||F".replace("|F", "||F"),
  );
  it.each([
    ["an update", bytes(MSH, PID), "taken"],
    ["an appointment", siu, "taken"],
    ["a merge", bytes(MSH.replace("A31^ADT_A05", "A40"), PID, "MRG|N2"), "taken"],
    ["an event that only EVN names", bytes(MSH.replace("^A31^ADT_A05", ""), "EVN|A31", PID), "taken"],
    ["lines that end in LF", Buffer.from(`${MSH}\n${PID}\n`), "taken"],
    ["no message", Buffer.from("hello"), "AR 100"],
    ["nothing", Buffer.alloc(0), "AR 100"],
    ["delimiters that are letters", Buffer.from("MSHABCDEFG"), "AR 100"],
    ["a type that nobody takes", bytes(MSH.replace("ADT^A31", "BAR^P01"), PID), "AR 200"],
    [
      "a type that is a word of the language",
      bytes(MSH.replace("ADT^A31", "constructor^A31"), PID),
      "AR 200",
    ],
    ["an event that nobody takes", bytes(MSH.replace("A31", "A37"), PID), "AR 201"],
    ["a message for training", bytes(MSH.replace("|P|", "|T|"), PID), "AR 202"],
    ["version 3", bytes(MSH.replace("2.5.1", "3.0"), PID), "AR 203"],
    ["no version", bytes(MSH.replace("2.5.1", ""), PID), "AR 203"],
    ["no control id", bytes(MSH.replace("|M1|", "||"), PID), "AE 101"],
    ["no time", bytes(MSH.replace("20261102093000", ""), PID), "AE 101"],
    ["no patient", bytes(MSH), "AE 101"],
    ["a merge of nobody", bytes(MSH.replace("A31^ADT_A05", "A40"), PID), "AE 101"],
    ["an order without a number", bytes(MSH.replace("ADT^A31^ADT_A05", "ORM^O01"), PID, "ORC|NW"), "AE 101"],
    ["another character set", bytes(MSH.replace("8859/1", "8859/5"), PID), "AE 103"],
    ["UTF-8 that is none", bytes(MSH.replace("8859/1", "UNICODE UTF-8"), `${PID}\xff`), "AE 102"],
  ])("%s: %s", (_says, message, expected) => expect(judged(message)).toBe(expected));

  it("a report that does not say what it is", () => {
    expect(judged(oru)).toBe("taken");
    expect(judged(bytes(MSH.replace("ADT^A31^ADT_A05", "ORU^R01"), PID, "OBR|1||A1"))).toBe("AE 101");
  });
  it("is this trust's by who sent it", () => {
    const senders = [{ application: "PAS", facility: "RXC" }, { facility: "LAB" }];
    expect(judged(bytes(MSH, PID), { senders })).toBe("taken");
    expect(judged(bytes(MSH.replace("|PAS|RXC|", "|RIS|RXC|"), PID), { senders })).toBe("AR 103");
    expect(judged(bytes(MSH.replace("|PAS|RXC|", "|any|LAB^1.2^ISO|"), PID), { senders })).toBe("taken");
  });
  it("for training is taken by a gateway for training", () =>
    expect(judged(bytes(MSH.replace("|P|", "|T|"), PID), { processingIds: ["T", "D"] })).toBe("taken"));
});
