import { useEffect, useState } from "react";
import type { Frame } from "../frames/registry.ts";
import { type Derived, derivedFrames } from "./derived-frames.ts";
import type { Cut } from "./reformat.ts";
import { type NoVolume, type Volume, volumeOf } from "./volume.ts";

type Cutting = { of: readonly Frame[]; cut: Cut; derived?: Derived; why?: string };

const volumes = new WeakMap<readonly Frame[], Volume | NoVolume>();

/** One volume for all its planes. */
function knownVolume(frames: readonly Frame[]): Volume | NoVolume {
  const found = volumes.get(frames) ?? volumeOf(frames);
  volumes.set(frames, found);
  return found;
}

/** The stack that hangs: as it was acquired, or cut another way; or why it can't be. */
export function useCut(frames: readonly Frame[] | undefined, cut: Cut | undefined) {
  const [cutting, setCutting] = useState<Cutting>();
  useEffect(() => {
    if (!frames || !cut) return;
    const volume = knownVolume(frames);
    if (volume.kind === "none") {
      setCutting({ of: frames, cut, why: volume.why });
      return;
    }
    let isLeft = false;
    derivedFrames(volume, cut).then(
      (derived) => !isLeft && setCutting({ of: frames, cut, derived }),
      (error: unknown) =>
        !isLeft && setCutting({ of: frames, cut, why: error instanceof Error ? error.message : "unknown" }),
    );
    return () => {
      isLeft = true;
    };
  }, [frames, cut]);
  if (!cut) return { frames, computed: undefined, why: undefined };
  const mine = cutting?.of === frames && cutting?.cut === cut ? cutting : undefined;
  return { frames: mine?.derived?.frames, computed: mine?.derived?.computed, why: mine?.why };
}
