import { describe, expect, it } from "vitest";
import {
  isKnownTransferSyntax,
  isReferenced,
  transferSyntaxes,
  transferSyntaxOf,
} from "./transfer-syntax.ts";

describe("the table of transfer syntaxes", () => {
  it("names each once", () => {
    expect(new Set(transferSyntaxes.map(({ uid }) => uid)).size).toBe(transferSyntaxes.length);
    expect(new Set(transferSyntaxes.map(({ name }) => name)).size).toBe(transferSyntaxes.length);
  });

  it("what isn't native is encapsulated, explicit and little endian", () => {
    for (const syntax of transferSyntaxes.filter(({ uid }) => /^1\.2\.840\.10008\.1\.2\.(4|5|8)/.test(uid)))
      expect(syntax).toMatchObject({ encapsulated: true, explicitVr: true, byteOrder: "little" });
  });

  it("films aren't viewable, and JPIP isn't in it", () => {
    expect(transferSyntaxes.filter(({ video, viewable }) => video && viewable)).toEqual([]);
    expect(transferSyntaxes.filter(({ uid }) => isReferenced(uid))).toEqual([]);
  });

  it("an unknown one is taken for explicit, little endian, encapsulated, and isn't viewable", () => {
    expect(isKnownTransferSyntax("1.2.3")).toBe(false);
    expect(transferSyntaxOf("1.2.3")).toMatchObject({
      explicitVr: true,
      encapsulated: true,
      viewable: false,
    });
  });
});
