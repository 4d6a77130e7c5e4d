import { describe, expect, it } from "vitest";
import { createSteering } from "./steering.ts";

const stackOf = (count: number) => Array.from({ length: count }, () => ({}) as never);
const WIDE = { center: 40, width: 400, table: undefined };

function recorder(stands?: { index: number }) {
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) => {
      asked.push([name, ...given]);
      return Promise.resolve();
    };
  return {
    asked,
    controller: {
      show: (frames: readonly unknown[], ...rest: unknown[]) => note("show")(frames.length, ...rest),
      goTo: note("goTo"),
      scrollBy: note("scrollBy"),
      setWindow: note("setWindow") as never,
      stands: () => stands,
    },
  };
}

describe("what a reader asks of a viewport", () => {
  it("before anything draws it is where and how the stack begins, and its number is told at once", () => {
    const told: number[] = [];
    const { steer, hang, drive } = createSteering((index) => told.push(index));
    hang(stackOf(80), () => ({ index: 2 }));
    steer.scrollBy(1);
    steer.scrollBy(1);
    steer.setWindow(WIDE);
    const { asked, controller } = recorder();
    drive(controller);
    expect(told).toEqual([3, 4, 4]);
    expect(asked).toEqual([["show", 80, 4, { window: WIDE }]]);
  });

  it("stays within the stack, and waits for nothing where nothing hangs", () => {
    const told: number[] = [];
    const { steer, hang, drive } = createSteering((index) => told.push(index));
    steer.scrollBy(1);
    hang(stackOf(5), () => ({ index: 0 }));
    steer.scrollBy(-1);
    steer.goTo(99);
    const { asked, controller } = recorder();
    drive(controller);
    expect(told).toEqual([0, 4]);
    expect(asked).toEqual([["show", 5, 4, {}]]);
  });

  it("goes to what draws it from then on", () => {
    const { steer, hang, drive } = createSteering(() => {});
    hang(stackOf(5), () => ({ index: 0 }));
    const { asked, controller } = recorder();
    drive(controller);
    steer.scrollBy(1);
    steer.goTo(3);
    steer.setWindow(WIDE);
    expect(asked.slice(1)).toEqual([
      ["scrollBy", 1],
      ["goTo", 3],
      ["setWindow", WIDE],
    ]);
  });

  it("is of that stack alone: another one that hangs begins where it begins", () => {
    const { steer, hang, drive } = createSteering(() => {});
    hang(stackOf(80), () => ({ index: 0 }));
    steer.goTo(40);
    hang(stackOf(80), () => ({ index: 7 }));
    const { asked, controller } = recorder();
    drive(controller);
    expect(asked).toEqual([["show", 80, 7, {}]]);
  });

  it("goes on where a lost one stood, and from where it is asked to meanwhile", () => {
    const { steer, hang, drive, lose } = createSteering(() => {});
    const frames = stackOf(80);
    hang(frames, () => ({ index: 0 }));
    drive(recorder({ index: 12 }).controller);
    lose();
    steer.scrollBy(1);
    hang(frames, () => ({ index: 0 }));
    const { asked, controller } = recorder();
    drive(controller);
    expect(asked).toEqual([["show", 80, 13, {}]]);
  });
});
