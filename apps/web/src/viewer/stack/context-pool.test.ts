import { describe, expect, it, vi } from "vitest";
import { fitPool } from "./context-pool.ts";

function made(container: { width: number; height: number }, most: { width: number; height: number }) {
  const resize = vi.fn();
  const contextPool = {
    getContextCount: () => 1,
    getContextByIndex: () => ({ context: { resize }, container }),
    getMaxSizeForContext: () => most,
  };
  return { engine: { _implementation: { contextPool } }, resize };
}

describe("the area in which viewports are drawn", () => {
  it("shrinks with the largest viewport that is left: what is copied from it is at its edge", () => {
    const container = { width: 800, height: 600 };
    const { engine, resize } = made(container, { width: 400, height: 300 });
    fitPool(engine);
    expect(container).toEqual({ width: 400, height: 300 });
    expect(resize).toHaveBeenCalledTimes(1);
  });

  it("is left alone where it fits, where nothing is left, and on the CPU, where there is none", () => {
    const fits = made({ width: 400, height: 300 }, { width: 400, height: 300 });
    fitPool(fits.engine);
    const empty = made({ width: 400, height: 300 }, { width: 0, height: 0 });
    fitPool(empty.engine);
    fitPool({ _implementation: {} });
    expect(fits.resize).not.toHaveBeenCalled();
    expect(empty.resize).not.toHaveBeenCalled();
  });
});
