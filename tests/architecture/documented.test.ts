import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SKIPPED = new Set([
  "node_modules",
  ".next",
  ".open-next",
  ".sst",
  ".weald",
  "generated",
  "public",
  "fixture-web",
]);

function* sourcesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourcesBelow(full);
    else if (/\.(ts|tsx|mjs|cjs)$/.test(entry.name) && entry.name !== "documented.test.ts") yield full;
  }
}

const rooms = ["apps", "packages", "infra", "tests", "bench"].map((room) => path.join(ROOT, room));
const files = rooms.flatMap((room) => [...sourcesBelow(room)]);
const sources = files.map((file) => ({ file, text: readFileSync(file, "utf8") }));
const found = (pattern: RegExp, room = ""): string[] => [
  ...new Set(
    sources
      .filter(({ file }) => file.startsWith(path.join(ROOT, room)))
      .flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1] ?? "")),
  ),
];
const doc = (name: string) => readFileSync(path.join(ROOT, "docs", name), "utf8");

describe("the documents of whoever runs Weald", () => {
  it("name every variable that the code names, and no other", () => {
    const named = found(/\b((?:WEALD|NEXTAUTH)_[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\b/g).sort();
    const documented = [...doc("configuration.md").matchAll(/`((?:WEALD|NEXTAUTH)_[A-Z0-9_]+)`/g)].map(
      (one) => one[1],
    );
    expect(named.length).toBeGreaterThan(30);
    expect([...new Set(documented)].sort()).toEqual(named);
  });

  it("name every code with which a command of this machine fails", () => {
    const codes = ["packages/dev-env", "packages/adapters"].flatMap((room) => [
      ...found(/new (?:StartFailed|PostgresFailed)\(\s*"([A-Z_]+)"/g, room),
      ...found(/class \w+ extends Error \{\s*readonly code = "([A-Z_]+)"/g, room),
    ]);
    expect(codes).toContain("ALREADY_RUNNING");
    const text = doc("operating.md");
    expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });
});
