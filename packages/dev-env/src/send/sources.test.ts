import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { kindOf, sourcesIn } from "./sources.ts";

const part10 = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(8)]);

async function all(paths: readonly string[]) {
  const found: [string, string][] = [];
  for await (const { name, kind } of sourcesIn(paths)) found.push([path.basename(name), kind]);
  return found;
}

describe("what is to be sent", () => {
  it("is known by its first bytes", () => {
    expect(kindOf(part10)).toBe("dicom");
    expect(kindOf(Buffer.from([8, 0, 5, 0]))).toBe("dicom");
    expect(kindOf(Buffer.from([0, 8, 0, 5]))).toBe("dicom");
    expect(kindOf(Buffer.from("MSH|^~\\&|RIS"))).toBe("hl7");
    expect(kindOf(Buffer.from("\uFEFFMSH|^~\\&|RIS"))).toBe("hl7");
    expect(kindOf(Buffer.from("\u000bMSH|^~\\&|RIS"))).toBe("hl7");
    expect(kindOf(Buffer.from("MSHello"))).toBe("other");
    expect(kindOf(Buffer.from("%PDF-1.7"))).toBe("other");
  });

  it("is every file below a folder, in name order; what isn't sent has a word of its own", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "weald-sources-"));
    mkdirSync(path.join(folder, "b"));
    writeFileSync(path.join(folder, "b/inner.dcm"), part10);
    writeFileSync(path.join(folder, "a.dcm"), part10);
    writeFileSync(path.join(folder, "c.txt"), "words");
    writeFileSync(path.join(folder, "d.dcm"), "");
    writeFileSync(path.join(folder, ".DS_Store"), "hidden");
    symlinkSync(path.join(folder, "a.dcm"), path.join(folder, "e.dcm"));
    expect(await all([folder])).toEqual([
      ["a.dcm", "dicom"],
      ["inner.dcm", "dicom"],
      ["c.txt", "other"],
      ["d.dcm", "empty"],
      ["e.dcm", "link"],
    ]);
    expect(await all([path.join(folder, "e.dcm")])).toEqual([["e.dcm", "dicom"]]);
    expect(await all([path.join(folder, "gone.dcm")])).toEqual([["gone.dcm", "unreadable"]]);
  });
});
