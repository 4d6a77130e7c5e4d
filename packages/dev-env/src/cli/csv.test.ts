import { describe, expect, it } from "vitest";
import { csvLine } from "./csv.ts";

describe("a line of CSV", () => {
  it.each([
    [["a", "b"], "a,b\r\n"],
    [['say "so"', "a,b"], '"say ""so""","a,b"\r\n'],
    [["=1+1", "+1", "-1", "@x"], `"'=1+1","'+1","'-1","'@x"\r\n`],
    [["\t=1", "two\nlines"], `"'\t=1","two\nlines"\r\n`],
  ])("%j is quoted where it must be, and no formula", (cells, line) => expect(csvLine(cells)).toBe(line));
});
