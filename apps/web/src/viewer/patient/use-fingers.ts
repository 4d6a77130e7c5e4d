import { type PointerEvent, useRef } from "react";
import {
  apart,
  enlarged,
  isEnlarged,
  middleOf,
  moved,
  type Point,
  stepOf,
  stepsOf,
  tapped,
} from "./gestures.ts";
import type { PictureController } from "./looked-at.ts";

const TWICE_MS = 320;
const SAME_PLACE = 32;

type Tap = Point & { at: number };
const NEVER: Tap = { x: 0, y: 0, at: 0 };

/** Touch, pen and mouse on one picture: one finger goes through the series, or moves what is enlarged; two enlarge. */
export function useFingers(controller: PictureController | undefined, count: number) {
  const down = useRef(new Map<number, Point>());
  const way = useRef<Point>({ x: 0, y: 0 });
  const last = useRef<Tap>(NEVER);
  const isTap = useRef(false);

  function placeOf(event: PointerEvent): Point {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  function pinch(id: number, to: Point, height: number): void {
    const other = [...down.current].find(([one]) => one !== id)?.[1];
    const from = down.current.get(id);
    if (!controller || !other || !from) return;
    const [before, after] = [middleOf(from, other), middleOf(to, other)];
    const closer = enlarged(controller.view(), apart(to, other) / apart(from, other), before, height);
    controller.setView(moved(closer, { x: after.x - before.x, y: after.y - before.y }, height));
  }

  function drag(by: Point, height: number): void {
    if (!controller) return;
    if (isEnlarged(controller.view())) {
      controller.setView(moved(controller.view(), by, height));
      return;
    }
    way.current = { x: way.current.x + by.x, y: way.current.y + by.y };
    const steps = stepsOf(way.current, stepOf(height, count));
    if (steps === 0) return;
    way.current = { x: 0, y: 0 };
    void controller.scrollBy(steps);
  }

  function lift(event: PointerEvent): void {
    const at = placeOf(event);
    down.current.delete(event.pointerId);
    if (!isTap.current || !controller || down.current.size > 0) return;
    const { x, y, at: before } = last.current;
    const isTwice = event.timeStamp - before < TWICE_MS && apart({ x, y }, at) < SAME_PLACE;
    last.current = isTwice ? NEVER : { ...at, at: event.timeStamp };
    if (isTwice) controller.setView(tapped(controller.view(), at, event.currentTarget.clientHeight));
  }

  return {
    onPointerDown(event: PointerEvent): void {
      event.currentTarget.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, placeOf(event));
      isTap.current = down.current.size === 1;
      way.current = { x: 0, y: 0 };
    },
    onPointerMove(event: PointerEvent): void {
      const from = down.current.get(event.pointerId);
      if (!from) return;
      const [to, height] = [placeOf(event), event.currentTarget.clientHeight];
      if (apart(from, to) > 4 || down.current.size > 1) isTap.current = false;
      if (down.current.size > 1) pinch(event.pointerId, to, height);
      else drag({ x: to.x - from.x, y: to.y - from.y }, height);
      down.current.set(event.pointerId, to);
    },
    onPointerUp: lift,
    onPointerCancel(event: PointerEvent): void {
      down.current.delete(event.pointerId);
      isTap.current = false;
    },
  };
}
