import { beforeEach, describe, expect, it, vi } from "vitest";
import { packFrame } from "./pack-frame.ts";
import type { PixelModule } from "./pixel-module.ts";

/** A codec that holds what it is given, and may give one bit less back. */
const codec = vi.hoisted(() => ({ losesOneBit: false }));
vi.mock("./htj2k-codec.ts", () => {
  class HTJ2KEncoder {
    #bytes = new Uint8Array(8);
    getDecodedBuffer = () => this.#bytes;
    getEncodedBuffer = () => this.#bytes;
    setQuality() {}
    setProgressionOrder() {}
    setDecompositions() {}
    setBlockDimensions() {}
    setTilePartDivisionsAtResolutions() {}
    encode() {}
    delete() {}
  }
  class HTJ2KDecoder {
    #bytes = new Uint8Array(8);
    getEncodedBuffer = () => this.#bytes;
    getDecodedBuffer = () => this.#bytes;
    decode() {
      if (codec.losesOneBit) this.#bytes[6] = (this.#bytes[6] ?? 0) ^ 1;
    }
    delete() {}
  }
  return { openJph: async () => ({ HTJ2KEncoder, HTJ2KDecoder }) };
});

const pixels: PixelModule = {
  ...{ rows: 2, columns: 2, samples: 1, bitsAllocated: 16, bitsStored: 12, isSigned: false },
  ...{ isPlanar: false, photometric: "MONOCHROME2" },
};
const sent = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

describe("a frame for a pack", () => {
  beforeEach(() => {
    codec.losesOneBit = false;
  });

  it("goes in once it came back equal", async () => {
    expect(await packFrame(sent, pixels)).toEqual(sent);
  });

  it("stays out where the codec gives one bit otherwise", async () => {
    codec.losesOneBit = true;
    await expect(packFrame(sent, pixels)).rejects.toThrow("it does not come back equal");
  });

  it("stays out where bits beyond the stored ones would be lost, and says so by its code", async () => {
    const stray = Uint8Array.of(1, 2, 3, 0x14, 5, 6, 7, 8);
    await expect(packFrame(stray, pixels)).rejects.toMatchObject({ stays: "stray-bits" });
  });
});
