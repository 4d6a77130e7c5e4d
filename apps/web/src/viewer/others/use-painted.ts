import { useEffect, useMemo, useState } from "react";
import type { Frame } from "../frames/registry.ts";
import type { Rgb } from "./cie-lab.ts";
import { byPlace, layOn, type Matrix } from "./lay-frames.ts";
import { type Others, useOthersHere } from "./others.ts";
import { paint, paintLabels, readValues } from "./segment-mask.ts";
import type { Segment, Segmentation, SegmentFrame } from "./segmentation.ts";

/** A segment that lies on the picture, and by what it is known to. */
export type OnPicture = {
  key: string;
  segment: Segment;
  text: string;
  /** Of a label map only its pixels tell whether a segment is on the picture. */
  isSeen: boolean;
};
/** `found`: by key, the segments of a label map that it has. */
export type Painted = { key: string; matrix: Matrix; image: ImageData; found: readonly string[] };
type Piece = {
  key: string;
  of: Segmentation;
  matrix: Matrix;
  frames: SegmentFrame[];
  colours: ReadonlyMap<number, Rgb>;
};
type Plan = { pieces: Piece[]; names: OnPicture[]; warnings: string[] };

const NO_PLAN: Plan = { pieces: [], names: [], warnings: [] };

function textOf({ name, how }: Segment, of: Segmentation, by: string | undefined): string {
  const place = by === "position" ? "by position" : undefined;
  const more = [how, place, of.thresholdText].filter(Boolean).join(", ");
  return more ? `${name} (${more})` : name;
}

const keyOf = ({ instance }: Segmentation, segment: number) => `${instance.instanceId}/${segment}`;

function planOf(all: readonly Segmentation[], frame: Frame, isHidden: Others["isHidden"]): Plan {
  const plans = all.map((of): Plan => {
    const { laid, by, elsewhere } = layOn(of, frame);
    const { instanceId } = of.instance;
    const seen = of.segments.filter((segment) => !isHidden(instanceId, segment.number));
    const colours = new Map(seen.map(({ number: segment, rgb }) => [segment, rgb]));
    const visible = laid.filter(({ frame: { segment } }) => segment === undefined || colours.has(segment));
    const numbers = new Set(visible.map((one) => one.frame.segment));
    return {
      pieces: byPlace(visible).map(({ matrix, frames }) => ({
        key: `${instanceId} ${matrix.join(" ")}`,
        ...{ of, matrix, frames, colours },
      })),
      names: seen
        .filter((segment) => numbers.has(of.isLabelMap ? undefined : segment.number))
        .map((segment) => ({
          key: keyOf(of, segment.number),
          segment,
          text: textOf(segment, of, by),
          isSeen: !of.isLabelMap,
        })),
      warnings:
        elsewhere > 0 ? [`${of.name}: ${elsewhere} of another geometry than this image, not drawn`] : [],
    };
  });
  return {
    pieces: plans.flatMap(({ pieces }) => pieces),
    names: plans.flatMap(({ names }) => names),
    warnings: plans.flatMap(({ warnings }) => warnings),
  };
}

/** One frame after the other into one picture. */
async function paintPiece(
  { key, of, matrix, frames, colours }: Piece,
  signal: AbortSignal,
): Promise<Painted> {
  const image = new ImageData(of.columns, of.rows);
  const found = new Set<string>();
  for (const { frame, segment } of frames) {
    const values = await readValues(of, frame, signal);
    if (segment === undefined)
      for (const label of paintLabels(image.data, values, colours)) found.add(keyOf(of, label));
    const rgb = segment === undefined ? undefined : colours.get(segment);
    if (rgb) paint(image.data, values, of.threshold, rgb);
  }
  return { key, matrix, image, found: [...found] };
}

type Done = { of: Plan; painted: Painted[]; problem: string | undefined };

/** What is laid on this picture. Nothing of the last picture stays while the next is read. */
export function usePainted(all: readonly Segmentation[], frame: Frame, isHidden: Others["isHidden"]) {
  const plan = useMemo(
    () => (all.length === 0 ? NO_PLAN : planOf(all, frame, isHidden)),
    [all, frame, isHidden],
  );
  const [done, setDone] = useState<Done>();
  useEffect(() => {
    if (plan.pieces.length === 0) return;
    const abort = new AbortController();
    async function work(): Promise<void> {
      const painted: Painted[] = [];
      try {
        for (const piece of plan.pieces) painted.push(await paintPiece(piece, abort.signal));
        if (!abort.signal.aborted) setDone({ of: plan, painted, problem: undefined });
      } catch (error) {
        const problem = error instanceof Error ? error.message : "unknown";
        if (!abort.signal.aborted) setDone({ of: plan, painted: [], problem });
      }
    }
    void work();
    return () => abort.abort();
  }, [plan]);
  const mine = done?.of === plan ? done : undefined;
  const { displayed } = useOthersHere();
  useEffect(() => {
    if (mine && !mine.problem) for (const { of } of mine.of.pieces) displayed(of.instance.instanceId);
  }, [mine, displayed]);
  const found = new Set(mine?.painted.flatMap((one) => one.found));
  return {
    names: plan.names.filter(({ key, isSeen }) => isSeen || found.has(key)),
    warnings: plan.warnings,
    painted: mine?.painted ?? [],
    problem: mine?.problem,
    isLoading: plan.pieces.length > 0 && mine === undefined,
  };
}
