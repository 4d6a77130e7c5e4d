import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMediaType } from "./media-type.ts";
import { readMultipart } from "./multipart-reader.ts";

const latin = (text: string) => Buffer.from(text, "latin1");

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function partsOf(bytes: Uint8Array, boundary: string, sizes: readonly number[] = [65_536]) {
  const parts: { headers: Record<string, string>; bytes: string }[] = [];
  for await (const { headers, body } of readMultipart(chunked(bytes, sizes), boundary)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    parts.push({ headers: Object.fromEntries(headers), bytes: Buffer.concat(pieces).toString("latin1") });
  }
  return parts;
}

const bodies = async (text: string, boundary = "b") =>
  (await partsOf(latin(text), boundary)).map(({ bytes }) => bytes);

describe("a multipart body", () => {
  it("gives each part with its headers, whatever their case, folded or not", async () => {
    const text =
      "--b\r\nCONTENT-type: application/dicom;\r\n\ttransfer-syntax=1.2\r\nX-A : 1\r\nx-a:2\r\n\r\nONE\r\n--b\r\n\r\nTWO\r\n--b--\r\n";
    expect(await partsOf(latin(text), "b")).toEqual([
      { headers: { "content-type": "application/dicom; transfer-syntax=1.2", "x-a": "1, 2" }, bytes: "ONE" },
      { headers: {}, bytes: "TWO" },
    ]);
  });

  it("passes over preamble and epilogue, padding behind a delimiter, and a last boundary without line break", async () => {
    expect(await bodies("hello\r\n--bx\r\n--b \t\r\n\r\n1\r\n--b--")).toEqual(["1"]);
    expect(await bodies("--b\r\n\r\n1\r\n--b-- \r\nbye\r\n--b\r\n\r\nno part\r\n--b--\r\n")).toEqual(["1"]);
  });

  it("takes line feeds alone, and then a carriage return before a delimiter is the part's", async () => {
    expect(await bodies("--b\n\n1\r\n--b\n\n2\n--b--\n")).toEqual(["1\r", "2"]);
    expect(await bodies("--b\r\n\r\n1\r\r\n--b\r\n\r\n2\n--b--\r\n")).toEqual(["1\r", "2"]);
  });

  it("keeps what only looks like a delimiter", async () => {
    const odd = "x--b\r\n--bc\r\n--b-\r\n--b \tx\r\n--b\r";
    expect(await bodies(`--b\r\n\r\n${odd}\r\n--b--`)).toEqual([odd]);
  });

  it("knows an empty part from none", async () => {
    expect(await bodies("--b\r\n\r\n\r\n--b\r\n\r\n--b--")).toEqual(["", ""]);
    expect(await bodies("--b--\r\n")).toEqual([]);
  });

  it.each([
    "",
    "--b",
    "--b\r\n",
    "--b\r\n\r\n",
    "--b\r\n\r\nx\r\n--b",
    "--b\r\n\r\nx\r\n--b-",
    "--b\r\nX: 1\r\n",
  ])("says that %j was cut, and gives nobody half a part for a whole one", async (text) => {
    await expect(bodies(text)).rejects.toMatchObject({ code: "MULTIPART_TRUNCATED" });
  });

  it("refuses headers without end or without name", async () => {
    await expect(bodies(`--b\r\nX: ${"y".repeat(40_000)}`)).rejects.toMatchObject({
      code: "MULTIPART_MALFORMED",
    });
    await expect(bodies(`--b\r\n${"X: y\r\n".repeat(4_000)}\r\n`)).rejects.toMatchObject({
      code: "MULTIPART_MALFORMED",
    });
    await expect(bodies("--b\r\nno header\r\n\r\n\r\n--b--")).rejects.toMatchObject({
      code: "MULTIPART_MALFORMED",
    });
    expect(() => readMultipart(chunked(latin(""), [1]), "")).toThrow();
  });

  it("passes over a part that its reader left", async () => {
    const seen: string[] = [];
    const text = "--b\r\nX: 1\r\n\r\naaaa\r\n--b\r\nX: 2\r\n\r\nbbbb\r\n--b--";
    for await (const { headers, body } of readMultipart(chunked(latin(text), [3]), "b")) {
      seen.push(headers.get("x") ?? "");
      for await (const _piece of body) break;
    }
    expect(seen).toEqual(["1", "2"]);
  });

  it("holds little of a part of 200 MB", async () => {
    const piece = Buffer.alloc(1_000_000, 45);
    async function* large() {
      yield latin("--b\r\n\r\n");
      for (let turn = 0; turn < 200; turn += 1) yield piece;
      yield latin("\r\n--b--");
    }
    let most = 0;
    let length = 0;
    const before = process.memoryUsage().arrayBuffers;
    for await (const { body } of readMultipart(large(), "b"))
      for await (const bytes of body) {
        length += bytes.length;
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
    expect(length).toBe(200_000_000);
    expect(most).toBeLessThan(100_000_000);
  });

  it("gives the same parts however it is cut into chunks, byte for byte", async () => {
    const boundary = fc.constantFrom("b", "--", "a b'()+_,-./:=?", "----WebKitFormBoundary7MA4YWxk", "0");
    const morsel = fc.oneof(
      fc.constantFrom(
        "\r",
        "\n",
        "\r\n",
        "-",
        "--",
        "\r\n--",
        "\n--",
        "--b",
        "\r\n--b",
        "\r\n--b-",
        "b",
        " ",
      ),
      fc.string({ unit: "binary-ascii", maxLength: 8 }),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    );
    const content = fc.array(morsel, { maxLength: 12 }).map((morsels) => morsels.join(""));
    await fc.assert(
      fc.asyncProperty(
        boundary,
        fc.array(content, { maxLength: 5 }),
        fc.constantFrom("\r\n", "\n"),
        fc.constantFrom("", " ", "\t \t"),
        content,
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }),
        async (mark, contents, eol, padding, epilogue, sizes) => {
          // A part that holds a delimiter line is two parts, by the grammar.
          const isDelimiter = (text: string) => `${eol}${text}${eol}`.includes(`\n--${mark}`);
          fc.pre(!contents.some(isDelimiter));
          const parts = contents.map((one) => `--${mark}${padding}${eol}X: y${eol}${eol}${one}${eol}`);
          const text = `${parts.join("")}--${mark}--${padding}${eol}${epilogue}`;
          const found = await partsOf(latin(text), mark, sizes);
          expect(found.map(({ bytes }) => bytes)).toEqual(contents);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("the media type of a store request", () => {
  it.each([
    ['multipart/related; type="application/dicom"; boundary=abc', "application/dicom", "abc"],
    ["Multipart/Related;BOUNDARY=a=b/c:d;Type=application/dicom", "application/dicom", "a=b/c:d"],
    [
      'multipart/related; boundary="a b\'()+_,-./:=?" ; type=application/dicom;',
      "application/dicom",
      "a b'()+_,-./:=?",
    ],
    ['multipart/related;\tboundary="a\\"b"; ;type="application/dicom"', "application/dicom", 'a"b'],
  ])("is read in any legal spelling: %s", (text, type, boundary) => {
    const read = parseMediaType(text);
    expect(read?.type).toBe("multipart/related");
    expect(read?.parameters.type).toBe(type);
    expect(read?.parameters.boundary).toBe(boundary);
  });
});
