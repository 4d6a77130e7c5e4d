import { Layers, Presentation } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { OpenedStudy, ViewerInstance } from "../contract.ts";
import { libraryOf } from "../frames/series-library.ts";
import type { CellState } from "../layout/cell.tsx";
import { Tool } from "../ui/toolbar.tsx";
import type { Others } from "./others.ts";
import { stateFor } from "./presentation-state.ts";
import { isSegmentation, type Segmentation, segmentationOf } from "./segmentation.ts";
import { SegmentsPanel } from "./segments-panel.tsx";

const NONE: readonly never[] = [];
const OPACITY = 0.4;

type Read = {
  instances: readonly ViewerInstance[];
  /** In which series each lies. */
  places: ReadonlyMap<string, string>;
  problem: string | undefined;
};
const NOWHERE: ReadonlyMap<string, string> = new Map();
const seriesOf = ({ study }: OpenedStudy, modality: string) =>
  study.series.filter((series) => series.modality === modality);

async function readAll(opened: OpenedStudy, modality: string): Promise<Read> {
  try {
    const series = seriesOf(opened, modality).map(async ({ seriesId }) => {
      const { instances } = await libraryOf(opened.source).series(seriesId);
      return instances.map((instance) => ({ instance, seriesId }));
    });
    const all = (await Promise.all(series)).flat();
    return {
      instances: all.map(({ instance }) => instance),
      places: new Map(all.map(({ instance, seriesId }) => [instance.instanceId, seriesId])),
      problem: undefined,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown";
    return { instances: NONE, places: NOWHERE, problem: `Not all of them could be read: ${why}` };
  }
}

/** Every instance of one modality of the open studies, read once they are wanted. */
function useInstances(studies: readonly OpenedStudy[], modality: string, isWanted: boolean) {
  const [read, setRead] = useState<ReadonlyMap<string, Read>>(new Map());
  useEffect(() => {
    if (!isWanted) return;
    let isLeft = false;
    const each = studies.map(
      async (opened) => [opened.study.studyId, await readAll(opened, modality)] as const,
    );
    void Promise.all(each).then((all) => !isLeft && setRead(new Map(all)));
    return () => {
      isLeft = true;
    };
  }, [studies, modality, isWanted]);
  return read;
}

type Reads = ReadonlyMap<string, Read>;

/** What of others stood on a picture, told to the source once: it was looked at, like the picture (clinical page §21). */
function useReported(studies: readonly OpenedStudy[], ...reads: Reads[]): (instanceId: string) => void {
  const latest = useRef({ studies, reads });
  latest.current = { studies, reads };
  const told = useRef(new Set<string>());
  return useCallback((instanceId: string) => {
    if (told.current.has(instanceId)) return;
    for (const opened of latest.current.studies)
      for (const read of latest.current.reads) {
        const seriesId = read.get(opened.study.studyId)?.places.get(instanceId);
        if (!seriesId) continue;
        told.current.add(instanceId);
        // What could not be told is told when it is shown again.
        opened.source.displayed(seriesId, 1).catch(() => told.current.delete(instanceId));
        return;
      }
  }, []);
}

const keyOf = (instanceId: string, segment: number) => `${instanceId}/${segment}`;
const toggled = (set: ReadonlySet<string>, key: string): ReadonlySet<string> => {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
};

type Asked = { studies: readonly OpenedStudy[]; cell: CellState | undefined };

export function useOthers({ studies, cell }: Asked): {
  others: Others;
  toolbar: ReactNode;
  panel: ReactNode;
  /** Whether there was a list to close. */
  close(): boolean;
} {
  const [areStatesOn, setAreStatesOn] = useState(false);
  const [chosenState, setChosenState] = useState<string>();
  const [isListOpen, setIsListOpen] = useState(false);
  const [on, setOn] = useState<ReadonlySet<string>>(new Set());
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [opacity, setOpacity] = useState(OPACITY);
  const states = useInstances(studies, "PR", areStatesOn);
  const read = useInstances(studies, "SEG", isListOpen || on.size > 0);
  const all = useMemo(
    () =>
      new Map(
        [...read].map(([studyId, { instances }]) => [
          studyId,
          instances.filter(isSegmentation).map(segmentationOf),
        ]),
      ),
    [read],
  );
  const shown = useMemo(
    () =>
      new Map<string, readonly Segmentation[]>(
        [...all].map(([studyId, them]) => [
          studyId,
          them.filter(({ instance }) => on.has(instance.instanceId)),
        ]),
      ),
    [all, on],
  );

  const displayed = useReported(studies, states, read);
  // Only what is hidden makes it another one: a picture isn't painted anew for its opacity.
  const isHidden = useCallback(
    (instanceId: string, segment: number) => hidden.has(keyOf(instanceId, segment)),
    [hidden],
  );
  const others = useMemo<Others>(
    () => ({
      stateOn: (studyId, frame) =>
        areStatesOn ? stateFor(states.get(studyId)?.instances ?? NONE, chosenState, frame) : undefined,
      segmentations: (studyId) => shown.get(studyId) ?? NONE,
      isHidden,
      opacity,
      displayed,
      showState({ instanceId }) {
        setChosenState(instanceId);
        setAreStatesOn(true);
      },
      showSegmentation({ instanceId }) {
        setOn((was) => new Set(was).add(instanceId));
        setIsListOpen(true);
      },
    }),
    [areStatesOn, states, chosenState, shown, isHidden, opacity, displayed],
  );

  const has = (modality: string) => studies.some((opened) => seriesOf(opened, modality).length > 0);
  const problem = [...states.values()].find((one) => one.problem !== undefined)?.problem;
  return {
    others,
    close() {
      setIsListOpen(false);
      return isListOpen;
    },
    toolbar: (
      <>
        {has("PR") ? (
          <Tool name="Presentation states" isOn={areStatesOn} onClick={() => setAreStatesOn((was) => !was)}>
            <Presentation aria-hidden size={18} />
          </Tool>
        ) : null}
        {areStatesOn && problem ? (
          <span role="alert" className="text-sm font-semibold text-[#ffc871]">
            Presentation states: {problem}
          </span>
        ) : null}
        {has("SEG") ? (
          <Tool name="Segmentations" isOn={isListOpen} onClick={() => setIsListOpen((was) => !was)}>
            <Layers aria-hidden size={18} />
          </Tool>
        ) : null}
      </>
    ),
    panel: isListOpen ? (
      <SegmentsPanel
        segmentations={[...all.values()].flat()}
        problem={[...read.values()].find((one) => one.problem !== undefined)?.problem}
        isRead={read.size > 0}
        picture={cell?.isReady ? cell.frame : undefined}
        pictured={all.get(cell?.opened.study.studyId ?? "") ?? NONE}
        isOn={({ instance }) => on.has(instance.instanceId)}
        onToggle={({ instance }) => setOn((was) => toggled(was, instance.instanceId))}
        isHidden={isHidden}
        onHide={(instanceId, segment) => setHidden((was) => toggled(was, keyOf(instanceId, segment)))}
        opacity={opacity}
        onOpacity={setOpacity}
      />
    ) : null,
  };
}
