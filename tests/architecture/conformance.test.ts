import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  characterSetTerms,
  failureReasons,
  keywordOf,
  MOST_OFFSET,
  QUERY_LEVELS,
  queryRefusalCodes,
  REQUIRED_KEYS,
  RETURNED,
  refusalCodes,
  transferSyntaxes,
} from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const statement = read("docs/dicom-conformance-statement.md");

/** What stands below a heading, up to the next of its level. */
function section(heading: string): string {
  const [, rest] = statement.split(`\n## ${heading}\n`);
  if (rest === undefined) throw new Error(`the conformance statement has no section ${heading}`);
  return rest.split("\n## ")[0] ?? "";
}

const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\| `[^\n]+\|$/gm)].map(([line]) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );

const firstColumn = (heading: string) =>
  rowsOf(section(heading))
    .map(([code]) => code)
    .sort();

/** Every source file of a folder, tests and fixtures aside. */
function sourcesOf(folder: string): string {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("fixtures"))
    .map((file) => read(path.join(folder, file)))
    .join("\n");
}

const codesIn = (source: string, pattern: RegExp) =>
  [...new Set([...source.matchAll(pattern)].map(([, code]) => code))].sort();

describe("the conformance statement says what the code does", () => {
  it("transfer syntaxes: each with its name, what the viewer does with it, lossy and film", () => {
    const told = rowsOf(section("Transfer syntaxes"));
    expect(told).toEqual(
      transferSyntaxes.map(({ uid, name, viewable, video, lossy }) => [
        uid,
        name,
        viewable ? "shown" : "kept",
        video ? "film" : lossy ? "lossy" : "",
      ]),
    );
  });

  it("store: the Failure Reason of each of our codes, and every code of a refusal has one", () => {
    const told = rowsOf(section("Store"));
    expect(told).toEqual(
      Object.entries(failureReasons).map(([code, reason]) => [
        code,
        reason.toString(16).toUpperCase().padStart(4, "0"),
      ]),
    );
    expect(refusalCodes.filter((code) => failureReasons[code] === undefined)).toEqual([]);
  });

  it("the viewer shows exactly those that are told as shown", () => {
    const decodable = read("apps/web/src/viewer/frames/decodable.ts");
    const shown = codesIn(decodable, /^ {2}"(1\.2\.840\.10008\.1\.2[0-9.]*)":/gm);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown).toEqual(
      rowsOf(section("Transfer syntaxes"))
        .filter(([, , what]) => what === "shown")
        .map(([uid]) => uid)
        .sort(),
    );
  });

  it("character sets, without and with code extensions", () => {
    const [plain = "", extended = ""] = section("Character sets").split("With code extensions");
    const termsIn = (text: string) => [...text.matchAll(/`([A-Z0-9 _]+)`/g)].map(([, term]) => term);
    const listed = plain.slice(plain.indexOf("Without code extensions"));
    expect(termsIn(listed)).toEqual(characterSetTerms.plain);
    expect(termsIn(extended)).toEqual(characterSetTerms.extended);
  });

  it("codes of refusal", () => {
    expect(firstColumn("Refusals")).toEqual(refusalCodes);
  });

  it("codes of quarantine, with the sentence that a person reads", () => {
    const source = read("packages/core/src/ingest/ingest-errors.ts");
    const told = [...source.matchAll(/^ {2}([A-Z_]+):\s*"([^"]+)"/gm)].map(([, code, sentence]) => [
      code,
      sentence,
    ]);
    expect(told.length).toBeGreaterThan(0);
    expect(rowsOf(section("Quarantine"))).toEqual(told);
  });

  it("codes of deviation", () => {
    const source = sourcesOf("packages/dicom/src");
    const literal = codesIn(source, /code: "([A-Z_]+)",\s*message/g);
    const byReader = codesIn(source, /#deviate\(\s*"([A-Z_]+)"/g);
    expect(firstColumn("Deviations")).toEqual([...new Set([...literal, ...byReader])].sort());
  });

  it("limits", () => {
    const source = sourcesOf("packages/dicom/src");
    const told = section("Receiving");
    const limits: readonly (readonly [string, string])[] = [
      ["MOST_HEADER_BYTES = 32 * 1024 * 1024", "32 MB"],
      ["MOST_ELEMENTS = 200_000", "200,000 elements"],
      ["MOST_LEVELS = 64", "64 levels"],
      ["MOST_FRAMES = 1_000_000", "1,000,000"],
      ["MOST_BYTES = 1024 ** 3", "1 GB"],
      ["MOST_AMPLIFIED_BYTES = 128 * 1024 ** 2", "128 MB"],
      ["MOST_RATIO = 250", "250 to 1"],
      ["TEXT_BYTES = 2 * 1024 * 1024", "2 MB"],
      ["INLINE_BYTES = 1024;", "1 KB"],
    ];
    for (const [code, words] of limits) {
      expect(source).toContain(code);
      expect(told).toContain(words);
    }
  });

  it("DIMSE: exactly the services that the gateway offers, and every status that it answers with", () => {
    const services = codesIn(
      read("apps/edge/src/dimse/sop-classes.ts"),
      /^export const [A-Z_]+ = "([0-9.]+)";/gm,
    );
    // The instance of storage commitment is no class.
    const classes = services.filter((uid) => uid !== "1.2.840.10008.1.20.1.1");
    expect(firstColumn("DIMSE")).toEqual(classes);
    const statuses = codesIn(read("apps/edge/src/dimse/service.ts"), /^ {2}[a-zA-Z]+: 0x([0-9a-f]{4}),/gm);
    const told = [...section("DIMSE").matchAll(/`([0-9A-F]{4})`/g)].map(([, code]) =>
      String(code).toLowerCase(),
    );
    const silent = ["0000", "ff00", "0115", "0118"];
    expect([...new Set([...told, ...silent])].sort()).toEqual(statuses);
  });

  it("retrieve: every resource that the door answers, and every syntax that is unpacked", () => {
    const source = read("apps/lambdas/src/dicomweb/retrieve.ts");
    const answered = [...source.matchAll(/rest: \/(.+)\/, answer/g)].map(
      ([, pattern]) => new RegExp(pattern ?? ""),
    );
    const told = rowsOf(section("Retrieve")).map(([resource = ""]) => resource.slice(1));
    const example = (resource: string) =>
      resource.replace("{list}", "1,2").replace("{path}", "00880200/1/7FE00010");
    expect(answered.length).toBeGreaterThan(3);
    for (const resource of told) expect(answered.some((one) => one.test(example(resource)))).toBe(true);
    for (const one of answered) expect(told.some((resource) => one.test(example(resource)))).toBe(true);
    const listed = [...section("Retrieve").matchAll(/^- `([0-9.]+)`$/gm)].map(([, uid]) => uid);
    const decodable = read("apps/lambdas/src/dicomweb/pixels/decodable.ts");
    const unpacked = [...decodable.matchAll(/"(\.[0-9.]+)"/g)].map(([, rest]) => `1.2.840.10008.1.2${rest}`);
    expect(unpacked.length).toBeGreaterThan(10);
    expect(listed).toEqual(unpacked);
  });

  it("searches: keys and attributes of each level, refusals, limits", () => {
    const told = rowsOf(section("Search"));
    const attributes = QUERY_LEVELS.flatMap((level) =>
      [...new Set([...RETURNED[level], ...REQUIRED_KEYS[level]])].sort().map((key) => [
        key,
        key
          .split(".")
          .map((tag) => keywordOf(tag))
          .join("."),
        level,
        REQUIRED_KEYS[level].includes(key) ? "required" : "",
        RETURNED[level].includes(key) ? "returned" : "",
      ]),
    );
    expect(told.filter((row) => row.length === 5)).toEqual(attributes);
    expect(told.filter((row) => row.length === 2).map(([code]) => code)).toEqual(queryRefusalCodes);
    expect(section("Search")).toContain(`\`offset\` to ${MOST_OFFSET.toLocaleString("en-GB")}`);
    expect(read("packages/core/src/study/find.ts")).toContain("MOST_ROWS = 1000;");
    expect(read("packages/core/src/study/find.store.ts")).toContain("MOST_BYTES = 4_000_000;");
  });

  it("what is not built is told as not built: no door of DICOMweb or DIMSE stands in the tree", () => {
    const routes = readFileSync(path.join(ROOT, "apps/lambdas/src/dicomweb/door.ts"), "utf8");
    expect(/DICOMweb[^\n]*\| not built/.test(statement)).toBe(/ROUTES[^=]*= \[\];/.test(routes));
    const isEdgeBuilt = readdirSync(path.join(ROOT, "apps")).includes("edge");
    expect(/DIMSE[^\n]*\| not built/.test(statement)).toBe(!isEdgeBuilt);
  });
});
