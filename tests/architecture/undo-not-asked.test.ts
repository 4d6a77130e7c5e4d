import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const WEB = path.resolve(import.meta.dirname, "../../apps/web/src");
/** A browser's own question, or the same in words. */
const ASKS = /\bwindow\.confirm\(|(?<![.\w])confirm\(|are you sure\?(?!")/i;

const sources = readdirSync(WEB, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
);

describe("undo instead of “are you sure?” (clinical page §24)", () => {
  it("no page asks whether somebody is sure: what was done is taken back", () => {
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.filter((file) => ASKS.test(readFileSync(path.join(WEB, file), "utf8")))).toEqual([]);
  });

  it("and would be seen doing so", () => {
    expect(ASKS.test("if (window.confirm(text)) send();")).toBe(true);
    expect(ASKS.test("if (!confirm(text)) return;")).toBe(true);
    expect(ASKS.test("client.study.confirm(x)")).toBe(false);
  });
});
