"use client";
import dynamic from "next/dynamic";
import { useCallback, useMemo, useState } from "react";
import type { FrameSource } from "../contract.ts";
import { useSeries } from "../frames/use-series.ts";
import { LookAt } from "./look-at.tsx";
import { plainOf } from "./plain/plain.ts";
import { PlainPicture } from "./plain/plain-picture.tsx";

type Props = {
  source: FrameSource;
  seriesId: string;
  /** In plain words: "Chest X-ray". */
  name: string;
  /** Small, and there before the first full picture is. */
  preview: string | undefined;
};

const engine = () => import("./engine-picture.tsx");
/** A megabyte: it comes for pictures that need it, ahead where that is known. What can't be had ahead says so when it is drawn. */
export const fetchEngine = (): Promise<unknown> => engine().catch(() => {});
const EnginePicture = dynamic(() => engine().then((module) => module.EnginePicture), { ssr: false });

/** A series as its patient looks at it: one big picture, and nothing to measure or to set. */
export function PictureViewer({ source, seriesId, name, preview }: Props) {
  const load = useSeries(source, seriesId);
  const [lostAt, setLostAt] = useState<number>();
  // Where there is no network the engine can't be had either: what failed says so, and the next picture is tried.
  const lose = useCallback((index: number) => {
    engine().then(
      () => setLostAt(index),
      () => {},
    );
  }, []);
  const said = { name, preview };
  const frames = load.state === "ready" ? load.frames : undefined;
  const isPlain = useMemo(() => frames?.every((frame) => plainOf(frame) !== undefined), [frames]);
  if (!frames || frames.length === 0)
    return <LookAt {...said} at={undefined} isFailed={load.state !== "loading"} />;
  return isPlain && lostAt === undefined ? (
    <PlainPicture {...said} frames={frames} onLost={lose} />
  ) : (
    <EnginePicture {...said} frames={frames} startAt={lostAt ?? 0} />
  );
}
