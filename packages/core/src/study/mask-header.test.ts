import { type DicomJson, tagOf, vrOf } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { mayShowText } from "./burned-in.ts";
import { maskedHeader, type SiteMask } from "./mask-header.ts";
import { maskStudyUid, maskUid, unmaskStudyUid } from "./mask-uid.ts";
import { SHARED, SITE_FIELDS } from "./site-fields.ts";

const SECRET = "a secret of the region";
const MASK: SiteMask = {
  secret: SECRET,
  studyInstanceUid: "1.2.826.0.1.7.1",
  maskedStudyUid: maskStudyUid(SECRET, "01932b7e-1111-7abc-8def-001122334455"),
  words: ["RXC", "Wealdstone General Hospital", "WEALDSTONE"],
  nhsNumber: "9990000018",
};
const PLANTED = "PLANTEDSITE";
const ALL = Object.values(SITE_FIELDS).flat();

function planted(tag: string): DicomJson {
  const vr = vrOf(tag);
  if (vr === "SQ") return { [tag]: { vr, Value: [{ "00080080": { vr: "LO", Value: [PLANTED] } }] } };
  if (vr === "PN") return { [tag]: { vr, Value: [{ Alphabetic: `${PLANTED}^X` }] } };
  return { [tag]: { vr, Value: [PLANTED] } };
}

describe("a header for who may not know the site", () => {
  it.each(ALL)("holds no %s, at any depth", (keyword) => {
    const tag = tagOf(keyword);
    expect(SHARED.has(tag)).toBe(false);
    const frame = { vr: "SQ", Value: [{ "00209111": { vr: "SQ", Value: [planted(tag)] } }] };
    const masked = maskedHeader({ ...planted(tag), "52009230": frame }, MASK);
    expect(JSON.stringify(masked)).not.toContain(PLANTED);
  });

  it("holds nothing private, nothing in a VR that isn't the standard's, and no text that names the site", () => {
    const masked = maskedHeader(
      {
        "00081030": { vr: "LO", Value: ["Chest at Wealdstone"] },
        "0008103E": { vr: "LO", Value: ["PA erect"] },
        "00090010": { vr: "LO", Value: [PLANTED] },
        "00091001": { vr: "UN", InlineBinary: "AAAA" },
        "00180015": { vr: "UN", InlineBinary: "AAAA" },
        "00200013": { vr: "IS", Value: [PLANTED] },
        "00080023": { vr: "DA", Value: [PLANTED] },
        "00081010": { vr: "SH", Value: ["ROOM-SEVEN"] },
        "00281055": { vr: "LO", Value: ["as in room seven"] },
        "60003000": { vr: "OW", BulkDataURI: "0:10" },
      },
      MASK,
    );
    expect(Object.keys(masked)).not.toEqual(
      expect.arrayContaining(["00090010", "00091001", "00180015", "60003000"]),
    );
    expect(masked["00081030"]).toEqual({ vr: "LO" });
    expect(masked["0008103E"]?.Value).toEqual(["PA erect"]);
    expect(masked["00281055"]).toEqual({ vr: "LO" });
    expect(JSON.stringify(masked)).not.toContain(PLANTED);
  });

  it("maps UIDs so that references agree, and names the patient by the NHS number alone", () => {
    const uid = { vr: "UI", Value: ["1.3.12.2.1107.5.2.9"] };
    const masked = maskedHeader(
      {
        "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.2"] },
        "00080018": uid,
        "00100020": { vr: "LO", Value: ["RXC-1"] },
        "0020000D": { vr: "UI", Value: [MASK.studyInstanceUid] },
        "00200052": uid,
      },
      MASK,
    );
    expect(masked["00080018"]).toEqual(masked["00200052"]);
    expect(masked["00080018"]?.Value).toEqual([maskUid(SECRET, "1.3.12.2.1107.5.2.9")]);
    expect(masked["0020000D"]?.Value).toEqual([MASK.maskedStudyUid]);
    expect(masked["00080016"]?.Value).toEqual(["1.2.840.10008.5.1.4.1.1.2"]);
    expect(masked["00100020"]?.Value).toEqual(["9990000018"]);
  });
});

describe("a masked Study Instance UID", () => {
  it("is found again by who holds the secret, and by nobody else", () => {
    const id = "01932b7e-1111-7abc-8def-001122334455";
    const uid = maskStudyUid(SECRET, id);
    expect(uid).toMatch(/^2\.25\.[0-9]{1,39}$/);
    expect(unmaskStudyUid(SECRET, uid)).toBe(id);
    expect(unmaskStudyUid("another", uid)).not.toBe(id);
    expect(unmaskStudyUid(SECRET, `2.25.${2n ** 128n}`)).toBeUndefined();
    expect(unmaskStudyUid(SECRET, "1.2.3")).toBeUndefined();
  });
});

describe("text in the pixels", () => {
  const header = (modality: string, more: DicomJson = {}): DicomJson => ({
    "00080060": { vr: "CS", Value: [modality] },
    ...more,
  });
  const stated = (value: string) => ({ "00280301": { vr: "CS", Value: [value] } });
  it.each([
    ["an ultrasound that doesn't say", header("US"), true],
    ["an ultrasound that says NO", header("US", stated("NO")), false],
    ["a CT that doesn't say", header("CT"), false],
    ["a CT that says YES", header("CT", stated("YES")), true],
    [
      "a capture of a CT's screen",
      header("CT", { "00080008": { vr: "CS", Value: ["DERIVED", "SECONDARY"] } }),
      true,
    ],
    [
      "a secondary capture",
      header("DX", { "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7"] } }),
      true,
    ],
  ])("%s: may show some is %s", (_says, given, expected) => expect(mayShowText(given)).toBe(expected));
});
