"use client";
import { useEffect, useRef } from "react";
import type { Frame } from "../frames/registry.ts";
import { number } from "../header.ts";
import { cssMatrix, type Placed } from "../stack/placed.ts";
import { type OverlayPlane, paintedPlane, planeFrame } from "./overlay-plane.ts";
import { presentationOf } from "./presented.ts";
import { shutterOf } from "./shutter.ts";

const MARKS = [255, 214, 92] as const;

type PlaneProps = { plane: OverlayPlane; at: number; colour?: readonly [number, number, number] };

/** One plane of bits, in pixels of the picture. */
export function Plane({ plane, at, colour = MARKS }: PlaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [red, green, blue] = colour;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(
      new ImageData(paintedPlane(plane, at, [red, green, blue]), plane.columns, plane.rows),
      0,
      0,
    );
  }, [plane, at, red, green, blue]);
  return (
    <canvas
      ref={canvas}
      width={plane.columns}
      height={plane.rows}
      data-testid="overlay-plane"
      className="absolute"
      style={{ left: plane.left, top: plane.top, imageRendering: "pixelated" }}
    />
  );
}

type Props = {
  frame: Frame;
  placed: Placed;
  /** Somebody's way to show the picture says which of its planes lie on it, and where in the order. */
  isPresented: boolean;
};

/** What lies on a picture in its own pixels: the shutter that hides, and planes of marks that came with it. */
export function Planes({ frame, placed, isPresented }: Props) {
  const { header } = frame.instance;
  const size = { rows: number(header, "00280010") ?? 0, columns: number(header, "00280011") ?? 0 };
  const shutter = shutterOf(header, frame.frame, size);
  const own = isPresented ? [] : presentationOf(frame.imageId).planes;
  const planes = own.flatMap((plane) => {
    const at = planeFrame(plane, frame.frame);
    return at === undefined ? [] : [{ plane, at }];
  });
  if (!shutter && planes.length === 0) return null;
  return (
    <div className="pointer-events-none absolute inset-0 overflow-hidden" aria-hidden="true">
      <div className="absolute origin-top-left" style={{ transform: cssMatrix(placed) }}>
        {shutter ? (
          <svg
            className="absolute top-0 left-0 overflow-visible"
            width={size.columns}
            height={size.rows}
            data-testid="shutter"
            aria-hidden="true"
          >
            {shutter.paths.map((path) => (
              <path
                key={path}
                d={path}
                fillRule="evenodd"
                fill={`rgb(${shutter.grey} ${shutter.grey} ${shutter.grey})`}
              />
            ))}
          </svg>
        ) : null}
        {planes.map(({ plane, at }) => (
          <Plane key={plane.group} plane={plane} at={at} />
        ))}
      </div>
    </div>
  );
}
