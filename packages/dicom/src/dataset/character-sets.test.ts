import { describe, expect, it } from "vitest";
import { explicitLittle, fileOf, streamOf } from "../fixtures/elements.ts";
import { readPart10 } from "../part10/read-part10.ts";
import { EXPLICIT_LITTLE } from "../transfer-syntax.ts";
import { textDecoding } from "./character-sets.ts";

const { element, item, sequence } = explicitLittle;
const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const even = (bytes: Uint8Array) =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(" ")]);

async function namesOf(set: string, name: Uint8Array) {
  const file = fileOf(
    EXPLICIT_LITTLE,
    element("00080005", "CS", even(bytesOf(set))),
    element("00100010", "PN", even(name)),
  );
  const { dataset, deviations } = await readPart10(streamOf(file));
  return { name: dataset["00100010"]?.Value?.[0], codes: deviations.map(({ code }) => code) };
}

describe("the standard's own examples", () => {
  it.each([
    [
      "PS3.5 H.3.1, Japanese, ISO 2022 IR 87",
      "\\ISO 2022 IR 87",
      "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B=\u001b$B$d$^$@\u001b(B^\u001b$B$?$m$&\u001b(B",
      { Alphabetic: "Yamada^Tarou", Ideographic: "山田^太郎", Phonetic: "やまだ^たろう" },
    ],
    [
      "PS3.5 H.3.2, Japanese, half-width katakana first",
      "ISO 2022 IR 13\\ISO 2022 IR 87",
      "\u00d4\u00cf\u00c0\u00de^\u00c0\u00db\u00b3=\u001b$B;3ED\u001b(J^\u001b$BB@O:\u001b(J=\u001b$B$d$^$@\u001b(J^\u001b$B$?$m$&\u001b(J",
      { Alphabetic: "ﾔﾏﾀﾞ^ﾀﾛｳ", Ideographic: "山田^太郎", Phonetic: "やまだ^たろう" },
    ],
    [
      "PS3.5 I.2, Korean, ISO 2022 IR 149",
      "\\ISO 2022 IR 149",
      "Hong^Gildong=\u001b$)C\u00fb\u00f3^\u001b$)C\u00d1\u00ce\u00d4\u00d7=\u001b$)C\u00c8\u00ab^\u001b$)C\u00b1\u00e6\u00b5\u00bf",
      { Alphabetic: "Hong^Gildong", Ideographic: "洪^吉洞", Phonetic: "홍^길동" },
    ],
    [
      "PS3.5 J.3, Chinese in UTF-8",
      "ISO_IR 192",
      Buffer.from("Wang^XiaoDong=王^小東=", "utf8").toString("latin1"),
      { Alphabetic: "Wang^XiaoDong", Ideographic: "王^小東" },
    ],
    [
      "PS3.5 J.4, Chinese in GB18030",
      "GB18030",
      "Wang^XiaoDong=\u00cd\u00f5^\u00d0\u00a1\u00b6\u00ab=",
      { Alphabetic: "Wang^XiaoDong", Ideographic: "王^小东" },
    ],
    [
      "PS3.5 K.2, Chinese in GB2312 with escapes",
      "\\ISO 2022 IR 58",
      "Zhang^XiaoDong=\u001b$)A\u00d5\u00c5^\u001b$)A\u00d0\u00a1\u00b6\u00ab=",
      { Alphabetic: "Zhang^XiaoDong", Ideographic: "张^小东" },
    ],
  ])("%s", async (_what, set, name, expected) => {
    expect(await namesOf(set, bytesOf(name))).toEqual({ name: expected, codes: [] });
  });

  it("PS3.5 K.3, text that names its set anew in each line", () => {
    const line = "\u001b$)A\u00d0\u00a1\u00b6\u00ab";
    const decoding = textDecoding(["", "ISO 2022 IR 58"]);
    const text = `The first line includes ${line}.\r\n${line} is in the second line.\r\n`;
    expect(decoding.decode(bytesOf(text), "")).toBe(
      "The first line includes 小东.\r\n小东 is in the second line.\r\n",
    );
  });
});

describe("single-byte and whole sets", () => {
  it.each([
    ["ISO_IR 100", [0xc4, 0x6e, 0x65, 0x61, 0x73], "Äneas"],
    ["ISO_IR 101", [0xb3, 0xf3, 0x64, 0xbc], "łódź"],
    ["ISO_IR 109", [0xa6, 0xfe], "Ĥŝ"],
    ["ISO_IR 110", [0xe0, 0xbe], "āž"],
    ["ISO_IR 144", [0xbb, 0xee, 0xda, 0xe1, 0xd5, 0xdc, 0xd1, 0xe3, 0xe0, 0xd3], "Люксембург"],
    ["ISO_IR 127", [0xe2, 0xc8, 0xc7, 0xe6, 0xea], "قباني"],
    ["ISO_IR 126", [0xc4, 0xe9, 0xef, 0xed, 0xf5, 0xf3, 0xe9, 0xef, 0xf2], "Διονυσιος"],
    ["ISO_IR 138", [0xf9, 0xf8, 0xe5, 0xef], "שרון"],
    ["ISO_IR 148", [0xc7, 0x61, 0x76, 0x75, 0xfe, 0x6f, 0xf0, 0x6c, 0x75], "Çavuşoğlu"],
    ["ISO_IR 203", [0xa4, 0xbc], "€Œ"],
    ["ISO_IR 166", [0xb9, 0xd2, 0xc2], "นาย"],
    ["ISO_IR 13", [0xd4, 0xcf, 0xc0, 0xde], "ﾔﾏﾀﾞ"],
    ["ISO_IR 192", [0xc5, 0x81, 0x75], "Łu"],
    ["GBK", [0xcd, 0xf5], "王"],
    ["GB18030", [0x90, 0x30, 0x81, 0x30], "\u{10000}"],
    ["", [0x41, 0x6c], "Al"],
    ["ISO_IR 6", [0x41, 0x6c], "Al"],
  ])("%s", (set, bytes, expected) => {
    const decoding = textDecoding([set]);
    expect(decoding.isUnknown).toBe(false);
    expect(decoding.decode(Uint8Array.from(bytes), "")).toBe(expected);
  });

  it.each([
    ["-L", "Люк", "\u00bb\u00ee\u00da"],
    ["-F", "Διο", "\u00c4\u00e9\u00ef"],
    ["-G", "قبا", "\u00e2\u00c8\u00c7"],
    ["-H", "שרו", "\u00f9\u00f8\u00e5"],
    ["-B", "łó", "\u00b3\u00f3"],
    ["-M", "Çş", "\u00c7\u00fe"],
    ["-T", "นา", "\u00b9\u00d2"],
    ["-b", "€Œ", "\u00a4\u00bc"],
  ])("the escape ESC %s selects its set for one component", (selected, expected, bytes) => {
    const decoding = textDecoding(["ISO 2022 IR 6", "ISO 2022 IR 100"]);
    const decoded = decoding.decode(bytesOf(`A\u001b${selected}${bytes}^Z`), "\\^=");
    expect(decoded).toBe(`A${expected}^Z`);
  });

  it("a delimiter ends what an escape selected: the next component is Latin-1 again", () => {
    const decoding = textDecoding(["ISO 2022 IR 100", "ISO 2022 IR 144"]);
    expect(decoding.decode(bytesOf("\u001b-L\u00bb^\u00c4"), "\\^=")).toBe("Л^Ä");
  });

  it("JIS X 0212 supplementary kanji", () => {
    const decoding = textDecoding(["", "ISO 2022 IR 159"]);
    expect(decoding.decode(bytesOf("\u001b$(D0!\u001b(B"), "\\^=")).toBe("丂");
  });

  it("a second byte of GB18030 that equals a backslash or a caret divides nothing", async () => {
    expect(await namesOf("GB18030", Uint8Array.from([0x81, 0x5c, 0x5e, 0x81, 0x5e]))).toEqual({
      name: { Alphabetic: "乗^乛" },
      codes: [],
    });
  });

  it("an escape that selects nothing known is dropped and the text goes on", () => {
    expect(textDecoding(["", "ISO 2022 IR 87"]).decode(bytesOf("a\u001b%Gb"), "")).toBe("a%Gb");
  });
});

describe("what a data set says of its characters", () => {
  it.each(["ISO_IR 999", "LATIN1", "ISO 2022 IR 999"])(
    "an unknown set (%s) is read as Latin-1, and said",
    async (set) => {
      expect(await namesOf(set, bytesOf("\u00c4neas"))).toEqual({
        name: { Alphabetic: "Äneas" },
        codes: ["UNKNOWN_CHARACTER_SET"],
      });
    },
  );

  it("a set that an item states holds inside it alone; without one it has that of its parent", async () => {
    const name = (letter: string) => element("00100010", "PN", bytesOf(`${letter} `));
    const file = fileOf(
      EXPLICIT_LITTLE,
      element("00080005", "CS", "ISO_IR 144"),
      sequence(
        "00081140",
        item(element("00080005", "CS", "ISO_IR 126"), name("\u00c4")),
        item(name("\u00bb")),
      ),
      name("\u00bb"),
    );
    const { dataset } = await readPart10(streamOf(file));
    const inner = dataset["00081140"]?.Value ?? [];
    expect(inner[0]).toMatchObject({ "00100010": { Value: [{ Alphabetic: "Δ" }] } });
    expect(inner[1]).toMatchObject({ "00100010": { Value: [{ Alphabetic: "Л" }] } });
    expect(dataset["00100010"]?.Value).toEqual([{ Alphabetic: "Л" }]);
  });

  it("codes, dates and UIDs are never decoded by the set", async () => {
    const file = fileOf(
      EXPLICIT_LITTLE,
      element("00080005", "CS", "ISO_IR 192"),
      element("00080060", "CS", bytesOf("C\u00e9")),
    );
    const { dataset } = await readPart10(streamOf(file));
    expect(dataset["00080060"]?.Value).toEqual(["Cé"]);
  });
});
