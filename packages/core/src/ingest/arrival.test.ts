import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrivalOf, arrivedKeys } from "./arrival.ts";
import { inboxKey, itemOfQuarantineKey, placeOf, quarantineKey } from "./inbox-key.ts";

const place = {
  custodian: "RXC",
  uploadId: "0199a000-0000-7000-8000-000000000001",
  itemId: "0199a000-0000-7000-8000-000000000002",
  lane: "routine",
} as const;

describe("a message that something arrived", () => {
  it("tells the keys of all its records, as S3 form-encodes them", () => {
    const record = (key: string) => ({ s3: { bucket: { name: "inbox" }, object: { key, size: 7 } } });
    const body = JSON.stringify({ Records: [record("inbox/RXC/a+b"), record("inbox/RXC/c%2Bd%C3%A9")] });
    expect(arrivedKeys(body)).toEqual(["inbox/RXC/a b", "inbox/RXC/c+dé"]);
  });
  it("tells none where S3 only tests the connection", () =>
    expect(arrivedKeys(JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent" }))).toEqual([]));
  it.each([
    ["no JSON", "{"],
    ["another shape", '{"Records":[{"sns":{}}]}'],
  ])("is refused where it is %s", (_says, body) => expect(() => arrivedKeys(body)).toThrow());
  it("has one shape, whoever tells: what the sweep writes is read back, whatever the key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (key) => {
        expect(arrivedKeys(arrivalOf(key))).toEqual([key]);
      }),
    );
  });
});

describe("a key of what waits for a person", () => {
  it("says its item", () => expect(itemOfQuarantineKey(quarantineKey(place.itemId))).toBe(place.itemId));
  it.each(["quarantine/x", `quarantine/${place.itemId}/x`, `inbox/${place.itemId}`])(
    "is nothing else: %s",
    (key) => expect(itemOfQuarantineKey(key)).toBeUndefined(),
  );
});

describe("a key of the inbox", () => {
  it.each(["dicom", "hl7"] as const)("says trust, upload, item and kind: %s", (kind) =>
    expect(placeOf(inboxKey({ ...place, kind }))).toEqual({ ...place, kind }),
  );
  it.each([
    ["urgent", "urgent/"],
    ["routine", "inbox/"],
    ["bulk", "bulk/"],
    ["direct", "direct/"],
  ] as const)("lies where its queue is told of it, or none: %s", (lane, folder) => {
    const key = inboxKey({ ...place, kind: "dicom", lane });
    expect(key.startsWith(folder)).toBe(true);
    expect(placeOf(key)).toEqual({ ...place, kind: "dicom", lane });
  });
  it.each([
    "inbox/RXC/../../archive/x.dcm",
    `inbox/RXC/${place.uploadId}/${place.itemId}.exe`,
    `inbox/rxc/${place.uploadId}/${place.itemId}.dcm`,
    `other/RXC/${place.uploadId}/${place.itemId}.dcm`,
    `inbox/RXC/${place.uploadId}/${place.itemId}.dcm/more`,
    "",
  ])("is nothing else: %s", (key) => expect(placeOf(key)).toBeUndefined());
  it("lies apart from what waits for a person, which no notification watches", () =>
    expect(quarantineKey(place.itemId).startsWith("inbox/")).toBe(false));
});
