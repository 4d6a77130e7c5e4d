import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "./csv-line.ts";

/** A reader of RFC 4180, as a spreadsheet has one. */
function cellsOf(line: string): string[] {
  const cells = [""];
  let isQuoted = false;
  for (let at = 0; at < line.length - 2; at += 1) {
    const [char = "", next] = [line[at], line[at + 1]];
    if (char === '"' && isQuoted && next === '"') at += 1;
    else if (char === '"') {
      isQuoted = !isQuoted;
      continue;
    } else if (char === "," && !isQuoted) {
      cells.push("");
      continue;
    }
    cells.push((cells.pop() ?? "") + char);
  }
  return cells;
}

describe("a line of CSV", () => {
  it("comes back as it was, and never begins a formula", () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom("=1+1", " =cmd|' /C calc'!A0", "@SUM(A1)", "-2", "+3", "\t=1", 'a "b", c', "x\r\ny"),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
        const cells = cellsOf(csvLine(values));
        expect(cells.map((cell, index) => cell === values[index] || cell === `'${values[index]}`)).toEqual(
          values.map(() => true),
        );
        for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });
  it.each([
    [["a", "b"], "a,b\r\n"],
    [['say "so"', "a,b"], '"say ""so""","a,b"\r\n'],
    [["=1+1", "+1", "-1", "@x"], `"'=1+1","'+1","'-1","'@x"\r\n`],
    [["\t=1", "two\nlines"], `"'\t=1","two\nlines"\r\n`],
  ])("%j is quoted where it must be, and no formula", (cells, line) => expect(csvLine(cells)).toBe(line));
});
