import { describe, expect, it } from "vitest";
import { enlarged, LARGEST, moved, stepOf, stepsOf, tapped } from "./gestures.ts";

const WHOLE = { zoom: 1, x: 0, y: 0 };
const HEIGHT = 800;

describe("fingers on a patient's picture", () => {
  it("a swipe up or to the left goes on, down or to the right goes back", () => {
    expect(stepsOf({ x: 3, y: -100 }, 20)).toBe(5);
    expect(stepsOf({ x: -100, y: 3 }, 20)).toBe(5);
    expect(stepsOf({ x: 100, y: 3 }, 20)).toBe(-5);
    expect(stepsOf({ x: 0, y: 15 }, 20)).toBe(-0);
  });
  it("one swipe goes through most of a long series, and can still stop at one picture", () => {
    expect(stepOf(HEIGHT, 3)).toBe(48);
    expect(stepOf(HEIGHT, 300)).toBe(5);
  });
  it("what lies between two fingers stays there while it grows", () => {
    const at = { x: 100, y: -200 };
    const before = { zoom: 2, x: 0.1, y: -0.2 };
    const after = enlarged(before, 1.5, at, HEIGHT);
    const under = (view: typeof before) => ({
      x: (at.x / HEIGHT - view.x) / view.zoom,
      y: (at.y / HEIGHT - view.y) / view.zoom,
    });
    expect(under(after).x).toBeCloseTo(under(before).x);
    expect(under(after).y).toBeCloseTo(under(before).y);
  });
  it("is never smaller than the whole, nor larger than can be seen", () => {
    expect(enlarged({ zoom: 1.2, x: 0.3, y: 0 }, 0.5, { x: 0, y: 0 }, HEIGHT)).toEqual(WHOLE);
    expect(enlarged(WHOLE, 100, { x: 0, y: 0 }, HEIGHT).zoom).toBe(LARGEST);
  });
  it("can't be pushed off the screen", () => {
    expect(moved({ zoom: 2, x: 0, y: 0 }, { x: 9999, y: -9999 }, HEIGHT)).toEqual({ zoom: 2, x: 1, y: -1 });
  });
  it("two taps go closer to that place, and back to the whole", () => {
    const closer = tapped(WHOLE, { x: 80, y: 0 }, HEIGHT);
    expect(closer).toMatchObject({ zoom: 2.5 });
    expect(closer.x).toBeLessThan(0);
    expect(tapped(closer, { x: 0, y: 0 }, HEIGHT)).toEqual(WHOLE);
  });
});
