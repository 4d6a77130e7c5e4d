import { describe, expect, it } from "vitest";
import { enlarged, LARGEST, moved, stepOf, stepsOf, tapped, turnOf, wheeled } from "./gestures.ts";

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

describe("a wheel on a patient's picture", () => {
  const at = (index: number) => ({ index, count: 10 });
  const [FIRST, MIDDLE, LAST] = [at(0), at(5), at(9)];
  it("goes one picture on or back at each notch, however far a notch is", () => {
    for (const notch of [100, 120, 240])
      for (const by of [notch, -notch])
        expect(wheeled(0, by, MIDDLE)).toEqual({ turned: 0, step: Math.sign(by), isOurs: true });
    expect(turnOf({ deltaY: 3, deltaMode: 1 })).toBe(120);
    expect(turnOf({ deltaY: 3, deltaMode: 0 })).toBe(3);
  });
  it("on a trackpad gathers to a step, and begins anew when it turns round", () => {
    const some = wheeled(0, 30, MIDDLE);
    expect(some).toEqual({ turned: 30, step: 0, isOurs: true });
    expect(wheeled(some.turned, 12, MIDDLE).step).toBe(1);
    expect(wheeled(some.turned, -12, MIDDLE)).toEqual({ turned: -12, step: 0, isOurs: true });
  });
  it("is the page's where there is no picture that way, and where it is turned sideways", () => {
    const left = { turned: 0, step: 0, isOurs: false };
    expect(wheeled(30, 120, LAST)).toEqual(left);
    expect(wheeled(-30, -120, FIRST)).toEqual(left);
    expect(wheeled(0, 120, { index: 0, count: 1 })).toEqual(left);
    expect(wheeled(30, 0, MIDDLE)).toEqual(left);
    expect(wheeled(0, -120, LAST).isOurs && wheeled(0, 120, FIRST).isOurs).toBe(true);
  });
});
