import type { IncomingInstance } from "../study/index.ts";

/** An object as it is kept beside its quarantine: JSON, so the preamble is base 64. */
export type StoredCame = Omit<IncomingInstance, "preamble"> & { preamble?: string };

export function storedCame({ preamble, ...instance }: IncomingInstance): StoredCame {
  return {
    ...instance,
    ...(preamble ? { preamble: Buffer.from(preamble).toString("base64") } : {}),
  };
}

export function cameOf({ preamble, ...instance }: StoredCame): IncomingInstance {
  return {
    ...instance,
    // JSON leaves out what is undefined.
    instanceNumber: instance.instanceNumber,
    slicePosition: instance.slicePosition,
    pixelSha256: instance.pixelSha256,
    preamble: preamble === undefined ? undefined : Uint8Array.from(Buffer.from(preamble, "base64")),
  };
}
