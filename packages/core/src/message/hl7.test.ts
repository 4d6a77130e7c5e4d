import { describe, expect, it } from "vitest";
import { parseHl7, part, repetitions, unescapeHl7 } from "./hl7.ts";

const utf8 = (text: string) => Buffer.from(text, "utf8");
const latin1 = (text: string) => Buffer.from(text, "latin1");
const msh = (charset = "") =>
  `MSH|^~\\&|RIS|RXC|WEALD|REGION|20261102093000||ORU^R01|M1|P|2.5.1||||||${charset}`;
const pid = (name: string) => `PID|1||RXC-1^^^RXC^MR~9990000018^^^NHS^NH||${name}||19610403|F`;
const familyOf = (bytes: Uint8Array) => part(parseHl7(bytes).getSegment("PID"), 5, 1);

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "no code";
  }
};

describe("an HL7 v2 file", () => {
  it.each([
    ["CR", `${msh()}\r${pid("Alder^Rowan")}\r`],
    ["LF", `${msh()}\n${pid("Alder^Rowan")}\n`],
    ["CRLF", `${msh()}\r\n${pid("Alder^Rowan")}\r\n`],
    ["an MLLP frame", `\u000b${msh()}\r${pid("Alder^Rowan")}\r\u001c\r`],
    ["a byte order mark", `\ufeff${msh()}\r${pid("Alder^Rowan")}`],
    ["blank lines before and after", `\r\n\r\n${msh()}\r${pid("Alder^Rowan")}\r\n\r\n`],
    ["padding of NULs", `${msh()}\r${pid("Alder^Rowan")}\r\u0000\u0000`],
    ["a NUL within", `${msh()}\r${pid("Al\u0000der^Rowan")}`],
  ])("is read with %s", (_says, text) => expect(familyOf(utf8(text))).toBe("Alder"));

  it.each([
    ["UTF-8 that says so", utf8(`${msh("UNICODE UTF-8")}\r${pid("Müller^Zoë")}`)],
    ["UTF-8 that doesn't", utf8(`${msh()}\r${pid("Müller^Zoë")}`)],
    ["Latin-1 that says so", latin1(`${msh("8859/1")}\r${pid("Müller^Zoë")}`)],
    ["Latin-1 that doesn't", latin1(`${msh()}\r${pid("Müller^Zoë")}`)],
  ])("keeps its letters: %s", (_says, bytes) => expect(familyOf(bytes)).toBe("Müller"));

  it.each([
    ["says UTF-8 and is not", latin1(`${msh("UNICODE UTF-8")}\r${pid("Müller")}`), "HL7_CHARACTER_SET"],
    ["does not begin with MSH", utf8(pid("Alder")), "HL7_MALFORMED"],
    ["is empty", utf8(""), "HL7_MALFORMED"],
    ["is a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47]), "HL7_MALFORMED"],
    ["is larger than 1 MB", Buffer.alloc(1_000_001, 65), "HL7_TOO_LARGE"],
  ])("is refused where it %s", (_says, bytes, code) => expect(codeOf(() => parseHl7(bytes))).toBe(code));
});

describe("a field of a message", () => {
  const message = parseHl7(utf8(`${msh()}\r${pid('O\\T\\Neill^Ro\\S\\wan^\\X0A\\^^""')}`));
  const segment = message.getSegment("PID");
  it("is unescaped in its components", () => {
    expect(part(segment, 5, 1)).toBe("O&Neill");
    expect(part(segment, 5, 2)).toBe("Ro^wan");
  });
  it("is absent where it is empty, deleted or beyond the end", () => {
    expect(part(segment, 5, 5)).toBeUndefined();
    expect(part(segment, 2)).toBeUndefined();
    expect(part(segment, 40)).toBeUndefined();
    expect(part(undefined, 1)).toBeUndefined();
  });
  it("repeats", () => {
    expect(repetitions(segment, 3)).toBe(2);
    expect(repetitions(segment, 2)).toBe(0);
    expect(part(segment, 3, 1, 1)).toBe("9990000018");
    expect(part(segment, 3, 5, 1)).toBe("NH");
  });
});

describe("the escapes of HL7 v2", () => {
  it.each([
    ["\\F\\", "|"],
    ["\\S\\", "^"],
    ["\\T\\", "&"],
    ["\\R\\", "~"],
    ["\\E\\", "\\"],
    ["one\\.br\\two", "one\ntwo"],
    ["one\\.sp\\two", "one\ntwo"],
    ["\\H\\bold\\N\\", "bold"],
    ["\\E\\F\\E\\", "\\F\\"],
    ["100 % \\ plain", "100 % \\ plain"],
  ])("%s → %s", (text, plain) => expect(unescapeHl7(text)).toBe(plain));
});
