"use client";
import { useEffect, useRef } from "react";
import type { Frame } from "../frames/registry.ts";
import { number } from "../header.ts";
import { type OverlayPlane, paintedPlane, planeFrame } from "./overlay-plane.ts";
import { presentationOf } from "./presented.ts";
import { shutterOf } from "./shutter.ts";

const MARKS = [255, 214, 92] as const;

type Placed = { scale: number; rowScale: number; left: number; top: number };

function Plane({ plane, at }: { plane: OverlayPlane; at: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(paintedPlane(plane, at, MARKS), plane.columns, plane.rows), 0, 0);
  }, [plane, at]);
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

/** What lies on a picture in its own pixels: the shutter that hides, and planes of marks that came with it. */
export function Planes({ frame, placed }: { frame: Frame; placed: Placed }) {
  const { header } = frame.instance;
  const size = { rows: number(header, "00280010") ?? 0, columns: number(header, "00280011") ?? 0 };
  const shutter = shutterOf(header, frame.frame, size);
  const planes = presentationOf(frame.imageId).planes.flatMap((plane) => {
    const at = planeFrame(plane, frame.frame);
    return at === undefined ? [] : [{ plane, at }];
  });
  if (!shutter && planes.length === 0) return null;
  return (
    <div className="pointer-events-none absolute inset-0 overflow-hidden" aria-hidden="true">
      <div
        className="absolute origin-top-left"
        style={{
          transform: `translate(${placed.left}px, ${placed.top}px) scale(${placed.scale}, ${placed.rowScale})`,
        }}
      >
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
