import { describe, expect, it } from "vitest";
import { parseAccept, parseMediaType } from "./media-type.ts";

const DICOM = { type: "multipart/related", parameters: { type: "application/dicom" } };

describe("a media type", () => {
  it.each([
    'multipart/related; type="application/dicom"',
    "multipart/related;type=application/dicom",
    'Multipart/Related ; Type = "application/dicom" ',
    "multipart/related; type=application/dicom;",
    'multipart/related; type="application\\/dicom"',
  ])("is read in every spelling that clients send: %s", (text) => {
    expect(parseMediaType(text)).toEqual(DICOM);
  });
  it("is nothing where there is none", () => {
    expect(parseMediaType("nonsense")).toBeUndefined();
    expect(parseMediaType("")).toBeUndefined();
  });
});

describe("an Accept header", () => {
  it("keeps a comma inside quotes, orders by q, and leaves out what is refused", () => {
    const ranges = parseAccept(
      'application/octet-stream;q=0.5, multipart/related; type="application/dicom"; transfer-syntax=*, image/gif;q=0, a/b;x="1,2";q=0.7',
    );
    expect(ranges).toEqual([
      { ...DICOM, parameters: { type: "application/dicom", "transfer-syntax": "*" }, q: 1 },
      { type: "a/b", parameters: { x: "1,2" }, q: 0.7 },
      { type: "application/octet-stream", parameters: {}, q: 0.5 },
    ]);
  });
  it("keeps the order of equal ones", () => {
    expect(parseAccept("image/png, image/jpeg, */*").map(({ type }) => type)).toEqual([
      "image/png",
      "image/jpeg",
      "*/*",
    ]);
  });
});
