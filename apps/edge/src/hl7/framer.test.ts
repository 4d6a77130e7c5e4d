import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Framed, Framer, frame } from "./framer.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const textOf = (framed: Framed) =>
  framed.kind === "message" ? framed.bytes.toString("latin1") : `too large: ${framed.head.length}`;
const read = (chunks: readonly Uint8Array[], most = 1000) => {
  const framer = new Framer(most);
  const messages = chunks.flatMap((chunk) => framer.push(chunk)).map(textOf);
  return { messages, stray: framer.strayBytes, isInside: framer.isInside };
};

describe("MLLP frames", () => {
  it.each([
    ["one message", ["\x0bMSH|a\x1c\r"], ["MSH|a"], 0],
    ["several in one packet", ["\x0bA\x1c\r\x0bB\x1c\r\x0bC\x1c\r"], ["A", "B", "C"], 0],
    ["one in many packets", ["\x0b", "M", "S", "H", "\x1c", "\r"], ["MSH"], 0],
    ["a cut between FS and CR", ["\x0bA\x1c", "\r\x0bB\x1c\r"], ["A", "B"], 0],
    ["the CR after FS missing", ["\x0bA\x1c\x0bB\x1c"], ["A", "B"], 0],
    ["bytes between frames", ["xy\x0bA\x1c\rnoise\r\n\x0bB\x1c\r"], ["A", "B"], 8],
    ["a frame that begins anew before it ended", ["\x0bhalf\x0bwhole\x1c\r"], ["whole"], 4],
    ["an end without a beginning", ["\x1c\r\x0bA\x1c\r"], ["A"], 1],
    ["an empty frame", ["\x0b\x1c\r"], [""], 0],
    ["high bytes", ["\x0bM\xfc\xffller\x1c\r"], ["M\xfc\xffller"], 0],
  ])("are read with %s", (_says, chunks, messages, stray) => {
    expect(read(chunks.map(bytes))).toEqual({ messages, stray, isInside: false });
  });

  it("that are too large are passed over to their end, and said to be", () => {
    const large = frame(Buffer.alloc(5000, 65));
    expect(read([large, frame(bytes("B"))]).messages).toEqual(["too large: 1000", "B"]);
  });

  it("hold no more than one message of the largest size, whatever comes", () => {
    const framer = new Framer(1000);
    framer.push(bytes("\x0b"));
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 2000; round += 1) framer.push(Buffer.alloc(64 * 1024, 65));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    expect(framer.push(bytes("\x1c\r")).map(textOf)).toEqual(["too large: 1000"]);
  });

  const message = fc
    .uint8Array({ maxLength: 60 })
    .map((content) => content.filter((byte) => byte !== 0x0b && byte !== 0x1c));
  it("come out as they went in, however they are cut", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(40)), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(frame));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(stream.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(stream.subarray(at));
        const found = read(chunks);
        expect(found.messages).toEqual(messages.map((one) => Buffer.from(one).toString("latin1")));
        expect([found.stray, found.isInside]).toEqual([0, false]);
      }),
      { numRuns: 500 },
    );
  });

  it("never throw and never lose count, whatever bytes come", () => {
    const noise = fc.array(
      fc
        .uint8Array({ maxLength: 30 })
        .map((some) => some.map((byte) => (byte % 7 === 0 ? 0x0b : byte % 11 === 0 ? 0x1c : byte))),
    );
    fc.assert(
      fc.property(noise, (chunks) => {
        const whole = read([Buffer.concat(chunks)], 20);
        const inParts = read(chunks, 20);
        expect(inParts).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});
