import { useLayoutEffect, useRef } from "react";
import type { Frame } from "../frames/registry.ts";
import type { Shown } from "../stack/stack-controller.ts";
import type { Words } from "./graphics.ts";
import { useOthersHere } from "./others.ts";
import type { StateLook } from "./presentation-state.ts";
import { Swatch } from "./segments-panel.tsx";
import { type Painted, usePainted } from "./use-painted.ts";

type Placed = NonNullable<Shown["placed"]>;

const INK = "rgb(255 214 92)";
const LINE_PX = 20;

function Canvas({ painted: { image, matrix } }: { painted: Painted }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => canvas.current?.getContext("2d")?.putImageData(image, 0, 0), [image]);
  return (
    <canvas
      ref={canvas}
      width={image.width}
      height={image.height}
      data-testid="segments"
      className="absolute top-0 left-0 origin-top-left"
      style={{ transform: `matrix(${matrix.join(",")})`, imageRendering: "pixelated" }}
    />
  );
}

function Said({ words: { lines, at, anchor }, placed }: { words: Words; placed: Placed }) {
  const x = (column: number) => placed.left + column * placed.scale;
  const y = (row: number) => placed.top + row * placed.rowScale;
  return (
    <>
      {anchor ? (
        <line
          x1={x(at.column)}
          y1={y(at.row)}
          x2={x(anchor.column)}
          y2={y(anchor.row)}
          stroke={INK}
          strokeWidth={1.5}
        />
      ) : null}
      <text fill={INK} stroke="black" strokeWidth={3} paintOrder="stroke" fontSize={15}>
        {lines.map((line, index) => (
          <tspan
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={index}
            x={x(at.column)}
            y={y(at.row) + LINE_PX * (index + 0.75)}
          >
            {line}
          </tspan>
        ))}
      </text>
    </>
  );
}

function Drawings({ look, placed }: { look: StateLook; placed: Placed }) {
  const { scale, rowScale, left, top } = placed;
  return (
    <svg
      aria-hidden
      className="pointer-events-none absolute inset-0 size-full overflow-hidden"
      data-testid="presentation"
    >
      <g transform={`matrix(${scale} 0 0 ${rowScale} ${left} ${top})`}>
        {look.shutter?.paths.map((path) => (
          <path
            key={path}
            d={path}
            fillRule="evenodd"
            fill={`rgb(${look.shutter?.grey} ${look.shutter?.grey} ${look.shutter?.grey})`}
          />
        ))}
        {look.drawn.map(({ path, isFilled, isPoint }, index) => (
          <path
            // biome-ignore lint/suspicious/noArrayIndexKey: a drawing is its place
            key={index}
            d={path}
            fill={isFilled ? INK : "none"}
            fillOpacity={0.4}
            stroke={INK}
            strokeWidth={isPoint ? 7 : 2}
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </g>
      {look.words.map((words, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words are their place
        <Said key={index} words={words} placed={placed} />
      ))}
    </svg>
  );
}

type Props = {
  studyId: string;
  frame: Frame;
  placed: Placed;
  look: { look: StateLook; of: number } | undefined;
  flush: "left" | "right" | undefined;
};

const WARNS = "font-semibold text-[#ffc871]";

/** What others made of this picture: as they presented it, and their segments, each named beside it. */
export function OthersLayer({ studyId, frame, placed, look, flush }: Props) {
  const others = useOthersHere();
  const segments = usePainted(others.segmentations(studyId), frame, others.isHidden);
  const { scale, rowScale, left, top } = placed;
  const hasSaid =
    look !== undefined || segments.names.length > 0 || segments.warnings.length > 0 || segments.problem;
  if (!hasSaid) return null;
  return (
    <>
      <div
        className="pointer-events-none absolute inset-0 overflow-hidden"
        aria-hidden="true"
        style={{ opacity: others.opacity }}
      >
        <div
          className="absolute origin-top-left"
          style={{ transform: `translate(${left}px, ${top}px) scale(${scale}, ${rowScale})` }}
        >
          {segments.painted.map((painted) => (
            <Canvas key={painted.key} painted={painted} />
          ))}
        </div>
      </div>
      {look ? <Drawings look={look.look} placed={placed} /> : null}
      <div
        data-testid="others"
        data-state={segments.isLoading ? "loading" : "ready"}
        className={`pointer-events-none absolute bottom-20 flex max-w-[45%] flex-col gap-0.5 text-[0.8125rem] leading-snug text-white [text-shadow:0_0_3px_black,0_0_2px_black] ${flush === "right" ? "left-3" : "right-3 items-end text-right"}`}
      >
        {look ? (
          <p className="font-semibold">
            {look.look.name}
            {look.of > 1 ? ` (one of ${look.of})` : ""}
          </p>
        ) : null}
        {look?.look.notes.map((note) => (
          <p key={note} className={WARNS}>
            {note}
          </p>
        ))}
        {segments.isLoading ? <p>Segments: loading …</p> : null}
        {segments.problem ? <p className={WARNS}>Segments can't be shown: {segments.problem}</p> : null}
        {segments.problem
          ? null
          : segments.names.map(({ key, segment, text }) => (
              <p key={key}>
                <Swatch rgb={segment.rgb} />
                {text}
              </p>
            ))}
        {segments.warnings.map((warning) => (
          <p key={warning} className={WARNS}>
            {warning}
          </p>
        ))}
      </div>
    </>
  );
}
