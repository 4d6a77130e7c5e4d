import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";

const page = readFileSync(path.join(ROOT, "docs/security.md"), "utf8");
const [, section = ""] = page.split("## OWASP ASVS 5.0, level 2");
const rows = section
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

/** What has no subject here needs no test; what is open says so. */
const NO_SUBJECT = ["1.5.1", "3.7.1", "4.3.1", "4.4.1"];
const pathsIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
const orderOf = (id: string) => id.split(".").reduce((all, part) => all * 100 + Number(part), 0);

describe("the map to ASVS", () => {
  it("has each requirement once, in order, with an answer", () => {
    expect(rows.length).toBeGreaterThan(120);
    const ids = rows.map(([id = ""]) => id);
    expect(ids.filter((id) => !/^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(id))).toEqual([]);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => orderOf(a) - orderOf(b)));
    expect(rows.filter(([, asks, how]) => !asks || !how)).toEqual([]);
  });
  it("names tests that are there; where none is named, it is open or has no subject", () => {
    const missing = rows.flatMap(([id, , , tests = ""]) =>
      pathsIn(tests)
        .filter((file) => !existsSync(path.join(ROOT, file)))
        .map((file) => `${id}: ${file}`),
    );
    expect(missing).toEqual([]);
    const untested = rows.filter(
      ([id = "", , how = "", tests = ""]) =>
        pathsIn(tests).length === 0 && !how.includes("open:") && !NO_SUBJECT.includes(id),
    );
    expect(untested).toEqual([]);
  });
  it("names tests, not other files", () => {
    const named = rows.flatMap(([, , , tests = ""]) => pathsIn(tests));
    expect(named.filter((file) => !/\.(test|spec)\.ts$/.test(file))).toEqual([]);
  });
});
