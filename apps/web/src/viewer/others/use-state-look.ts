import { useEffect, useMemo, useState } from "react";
import type { FrameSource, ViewerInstance } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { libraryOf } from "../frames/series-library.ts";
import { presentationOf } from "../pixels/presented.ts";
import { useOthersHere } from "./others.ts";
import { lookOn, type StateLook } from "./presentation-state.ts";
import { hasParts, NO_PARTS, type StateParts, stateParts } from "./state-parts.ts";

type Read = { of: ViewerInstance; parts: StateParts | undefined; problem: string | undefined };

/** Tables and planes of a state, read once they are wanted. */
function useStateParts(source: FrameSource, state: ViewerInstance | undefined) {
  const [read, setRead] = useState<Read>();
  useEffect(() => {
    if (!state || !hasParts(state)) return;
    let isLeft = false;
    const tell = (more: Omit<Read, "of">) => !isLeft && setRead({ of: state, ...more });
    stateParts(libraryOf(source).book, state).then(
      (parts) => tell({ parts, problem: undefined }),
      (error: unknown) =>
        tell({ parts: undefined, problem: error instanceof Error ? error.message : "unknown" }),
    );
    return () => {
      isLeft = true;
    };
  }, [source, state]);
  if (!state) return { parts: undefined, problem: undefined };
  if (!hasParts(state)) return { parts: NO_PARTS, problem: undefined };
  return read?.of === state ? read : { parts: undefined, problem: undefined };
}

export type Looked = { look: StateLook; of: number; isLoading: boolean };

type Asked = {
  studyId: string;
  source: FrameSource;
  /** An acquired picture, or none. */
  frame: Frame | undefined;
  /** It is on the canvas: what stands beside its pixels was read. */
  isReady: boolean;
  mayTurn: boolean;
};

/** How the picture that is here is shown as somebody presented it; nothing where nobody did, or the reader has it off. */
export function useStateLook({ studyId, source, frame, isReady, mayTurn }: Asked): Looked | undefined {
  const others = useOthersHere();
  const found = useMemo(() => frame && others.stateOn(studyId, frame), [others, studyId, frame]);
  const { parts, problem } = useStateParts(source, found?.state);
  return useMemo(() => {
    if (!found || !frame) return undefined;
    const image = isReady ? presentationOf(frame.imageId) : { modality: undefined, planes: [] };
    const look = lookOn(found.state, frame, { parts: parts ?? NO_PARTS, image }, mayTurn);
    const notes = problem ? [...look.notes, `Not all of it could be read: ${problem}`] : look.notes;
    // Until its tables are here nothing is shown by half of it.
    const isLoading = !parts && !problem;
    return {
      look: isLoading ? { ...look, window: undefined, notes: [] } : { ...look, notes },
      of: found.of,
      isLoading,
    };
  }, [found, frame, isReady, parts, problem, mayTurn]);
}
