import { describe, expect, it } from "vitest";
import { instanceKey, packKey } from "./object-key.ts";

const place = {
  studyStorageId: "k3f9",
  seriesInstanceUid: "1.2.3",
  sopInstanceUid: "1.2.3.4",
  sha256Received: `${"ab".repeat(8)}${"cd".repeat(24)}`,
};

describe("the key of an original", () => {
  it("mirrors WADO-RS below the study, and ends in 16 digits of what was received", () => {
    expect(instanceKey(place)).toBe("k3f9/series/1.2.3/instances/1.2.3.4/abababababababab");
  });

  it("other bytes under the same UID lie elsewhere", () => {
    expect(instanceKey({ ...place, sha256Received: "0".repeat(64) })).not.toBe(instanceKey(place));
  });

  it.each(["seriesInstanceUid", "sopInstanceUid"])("a %s that climbs the path is refused", (field) => {
    expect(() => instanceKey({ ...place, [field]: "../../inbox" })).toThrow(
      expect.objectContaining({ code: "UID_INVALID" }),
    );
  });
});

describe("the key of a pack", () => {
  it("lies below its series, each version under an id of its own", () => {
    const key = packKey({ ...place, packId: "b1", part: "frames" });
    expect(key).toBe("k3f9/series/1.2.3/packs/b1/frames");
    expect(packKey({ ...place, packId: "b1", part: "manifest" })).not.toBe(key);
    expect(() => packKey({ ...place, seriesInstanceUid: "../x", packId: "b1", part: "frames" })).toThrow(
      expect.objectContaining({ code: "UID_INVALID" }),
    );
  });
});
