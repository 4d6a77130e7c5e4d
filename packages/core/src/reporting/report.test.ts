import { describe, expect, it } from "vitest";
import { reportStateOf } from "./report.ts";

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
