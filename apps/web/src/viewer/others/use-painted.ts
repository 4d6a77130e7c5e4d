import { useEffect, useMemo, useState } from "react";
import type { Frame } from "../frames/registry.ts";
import { byPlace, layOn, type Matrix } from "./lay-frames.ts";
import { type Others, useOthersHere } from "./others.ts";
import { paint, readMask } from "./segment-mask.ts";
import type { Segment, Segmentation, SegmentFrame } from "./segmentation.ts";

/** A segment that lies on the picture, and by what it is known to. */
export type OnPicture = { key: string; segment: Segment; text: string };
export type Painted = { key: string; matrix: Matrix; image: ImageData };
type Piece = { key: string; of: Segmentation; matrix: Matrix; frames: SegmentFrame[] };
type Plan = { pieces: Piece[]; names: OnPicture[]; warnings: string[] };

const NO_PLAN: Plan = { pieces: [], names: [], warnings: [] };

function textOf({ name, how }: Segment, of: Segmentation, by: string | undefined): string {
  const place = by === "position" ? "by position" : undefined;
  const more = [how, place, of.thresholdText].filter(Boolean).join(", ");
  return more ? `${name} (${more})` : name;
}

function planOf(all: readonly Segmentation[], frame: Frame, isHidden: Others["isHidden"]): Plan {
  const plans = all.map((of): Plan => {
    const { laid, by, elsewhere } = layOn(of, frame);
    const { instanceId } = of.instance;
    const visible = laid.filter((one) => !isHidden(instanceId, one.frame.segment));
    const numbers = new Set(visible.map((one) => one.frame.segment));
    return {
      pieces: byPlace(visible).map(({ matrix, frames }) => ({
        key: `${instanceId} ${matrix.join(" ")}`,
        of,
        matrix,
        frames,
      })),
      names: of.segments
        .filter((segment) => numbers.has(segment.number))
        .map((segment) => ({
          key: `${instanceId}/${segment.number}`,
          segment,
          text: textOf(segment, of, by),
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
async function paintPiece({ key, of, matrix, frames }: Piece, signal: AbortSignal): Promise<Painted> {
  const image = new ImageData(of.columns, of.rows);
  for (const { frame, segment } of frames) {
    const rgb = of.segments.find((one) => one.number === segment)?.rgb;
    if (rgb) paint(image.data, await readMask(of, frame, signal), rgb);
  }
  return { key, matrix, image };
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
  return {
    names: plan.names,
    warnings: plan.warnings,
    painted: mine?.painted ?? [],
    problem: mine?.problem,
    isLoading: plan.pieces.length > 0 && mine === undefined,
  };
}
