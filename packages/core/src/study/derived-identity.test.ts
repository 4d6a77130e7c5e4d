import { acceptUid } from "@weald/dicom";
import { describe, expect, it } from "vitest";
import { attributesFor, derivedUid, derivedUidsOf } from "./derived-identity.ts";

const original = {
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.4",
  sopInstanceUid: "1.2.3.4.5",
  sha256Received: "ab",
};

describe("UIDs of our own", () => {
  it("are the same for the same parts, so that a step can be repeated", () =>
    expect(derivedUidsOf("record", original)).toEqual(derivedUidsOf("record", { ...original })));

  it("are UUIDs below 2.25, with the version and variant bits of one", () => {
    const uid = derivedUid("a", "b");
    expect(acceptUid(uid)).toBe(uid);
    const hex = BigInt(uid.replace("2.25.", "")).toString(16).padStart(32, "0");
    expect(hex[12]).toBe("8");
    expect("89ab").toContain(hex[16]);
  });

  it("differ by patient, and an object's by its bytes too", () => {
    const here = derivedUidsOf("record", original);
    const otherPatient = derivedUidsOf("another", original);
    const otherBytes = derivedUidsOf("record", { ...original, sha256Received: "cd" });
    expect(otherPatient.studyInstanceUid).not.toBe(here.studyInstanceUid);
    expect(otherBytes).toEqual({ ...here, sopInstanceUid: otherBytes.sopInstanceUid });
    expect(otherBytes.sopInstanceUid).not.toBe(here.sopInstanceUid);
  });

  it("are not a plain joining of their parts", () =>
    expect(derivedUid("a|b")).not.toBe(derivedUid("a", "b")));
});

describe("what a study says once it is another patient's", () => {
  const patient = {
    patientId: "p",
    recordId: "r",
    family: "Birch",
    given: "Linden",
    middle: "",
    prefix: "",
    ideographic: undefined,
    birthDate: "1978-09-12",
    sex: "M",
    nhsNumber: undefined,
    nhsVerified: false,
    localNumber: "RXC-2002",
    custodian: "RXC",
    nameDiffers: false,
    isTemporary: false,
  };

  it("is who they are, with the number's issuer", () =>
    expect(attributesFor(patient, "2.25.1")).toMatchObject({
      "00100010": { Value: [{ Alphabetic: "Birch^Linden" }] },
      "00100020": { Value: ["RXC-2002"] },
      "00100021": { Value: ["RXC"] },
      "00100030": { Value: ["19780912"] },
    }));

  it("says neither the first one's NHS number nor their order", () => {
    const attributes = attributesFor(patient, "2.25.1");
    for (const tag of ["00101002", "00101000", "00080050", "00400275"])
      expect(attributes[tag], tag).not.toHaveProperty("Value");
  });
});
