import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import type { Frame } from "../frames/registry.ts";
import { Plane } from "../pixels/planes.tsx";
import { canvasAt, cssMatrix, type Placed, svgMatrix, turnIn } from "../stack/placed.ts";
import type { Words } from "./graphics.ts";
import { useOthersHere } from "./others.ts";
import { type Layer, type StateLook, turnNote } from "./presentation-state.ts";
import { Swatch } from "./segments-panel.tsx";
import { type Painted, usePainted } from "./use-painted.ts";
import type { Looked } from "./use-state-look.ts";

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

function Said({ words: { lines, at, end, anchor }, placed }: { words: Words; placed: Placed }) {
  const [one, other] = [canvasAt(placed, at), canvasAt(placed, end)];
  // Words stay upright: they begin at the corner of their box that is now the upper left one.
  const [x, y] = [Math.min(one[0], other[0]), Math.min(one[1], other[1])];
  const to = anchor && canvasAt(placed, anchor);
  return (
    <>
      {to ? <line x1={x} y1={y} x2={to[0]} y2={to[1]} stroke={INK} strokeWidth={1.5} /> : null}
      <text fill={INK} stroke="black" strokeWidth={3} paintOrder="stroke" fontSize={15}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <tspan key={index} x={x} y={y + LINE_PX * (index + 0.75)}>
            {line}
          </tspan>
        ))}
      </text>
    </>
  );
}

const SVG = "pointer-events-none absolute inset-0 size-full overflow-hidden";

/** In the picture's own pixels, wherever and however it stands. */
function InPicture({ placed, children }: { placed: Placed; children: ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-0 overflow-hidden" aria-hidden="true">
      <div className="absolute origin-top-left" style={{ transform: cssMatrix(placed) }}>
        {children}
      </div>
    </div>
  );
}

function Shutters({ look: { shutter, bitmap }, placed }: { look: StateLook; placed: Placed }) {
  return (
    <>
      {bitmap ? (
        <InPicture placed={placed}>
          <Plane plane={bitmap.plane} at={bitmap.at} colour={[bitmap.grey, bitmap.grey, bitmap.grey]} />
        </InPicture>
      ) : null}
      {shutter ? (
        <svg aria-hidden className={SVG} data-testid="presented-shutter">
          <g transform={svgMatrix(placed)}>
            {shutter.paths.map((path) => (
              <path
                key={path}
                d={path}
                fillRule="evenodd"
                fill={`rgb(${shutter.grey} ${shutter.grey} ${shutter.grey})`}
              />
            ))}
          </g>
        </svg>
      ) : null}
    </>
  );
}

function LayerOf({ layer: { name, planes, drawn, words }, placed }: { layer: Layer; placed: Placed }) {
  return (
    <div data-testid="presented-layer" data-layer={name}>
      {planes.length > 0 ? (
        <InPicture placed={placed}>
          {planes.map(({ plane, at }) => (
            <Plane key={plane.group} plane={plane} at={at} />
          ))}
        </InPicture>
      ) : null}
      <svg aria-hidden className={SVG} data-testid="presentation">
        <g transform={svgMatrix(placed)}>
          {drawn.map(({ path, isFilled, isPoint }, index) => (
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
        {words.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words are their place
          <Said key={index} words={one} placed={placed} />
        ))}
      </svg>
    </div>
  );
}

type Props = {
  studyId: string;
  frame: Frame;
  placed: Placed;
  look: Looked | undefined;
  /** A curve that was presented, and is a straight window on this canvas. */
  isCurveLost: boolean;
  flush: "left" | "right" | undefined;
};

const WARNS = "font-semibold text-[#ffc871]";

/** What others made of this picture: as they presented it, and their segments, each named beside it. */
export function OthersLayer({ studyId, frame, placed, look, flush, isCurveLost }: Props) {
  const others = useOthersHere();
  const segments = usePainted(others.segmentations(studyId), frame, others.isHidden);
  const presented = look && !look.isLoading ? look.look.instanceId : undefined;
  const { displayed } = others;
  useEffect(() => {
    if (presented) displayed(presented);
  }, [presented, displayed]);
  const turned = look && turnNote(look.look, turnIn(placed));
  const notes = [
    ...(look?.look.notes ?? []),
    ...(turned ? [turned] : []),
    ...(isCurveLost ? ["CURVE presented, a straight window here: this computer draws no curves"] : []),
  ];
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
        <div className="absolute origin-top-left" style={{ transform: cssMatrix(placed) }}>
          {segments.painted.map((painted) => (
            <Canvas key={painted.key} painted={painted} />
          ))}
        </div>
      </div>
      {look ? <Shutters look={look.look} placed={placed} /> : null}
      {look?.look.layers.map((layer) => (
        <LayerOf key={layer.name} layer={layer} placed={placed} />
      ))}
      <div
        data-testid="others"
        data-state={segments.isLoading || look?.isLoading ? "loading" : "ready"}
        className={`pointer-events-none absolute bottom-20 flex max-w-[45%] flex-col gap-0.5 text-[0.8125rem] leading-snug text-white [text-shadow:0_0_3px_black,0_0_2px_black] ${flush === "right" ? "left-3" : "right-3 items-end text-right"}`}
      >
        {look ? (
          <p className="font-semibold">
            {look.look.name}
            {look.of > 1 ? ` (one of ${look.of})` : ""}
          </p>
        ) : null}
        {look?.isLoading ? <p>What was presented: loading …</p> : null}
        {notes.map((note) => (
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
