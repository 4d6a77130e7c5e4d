type Area = { width: number; height: number };
type Pool = {
  getContextCount(): number;
  getContextByIndex(index: number): { context: { resize(): void }; container: Area };
  getMaxSizeForContext(index: number): Area | undefined;
};

const poolOf = (engine: object): Pool | undefined =>
  (engine as { _implementation?: { contextPool?: Pool } })._implementation?.contextPool;

/**
 * Makes each drawing area as large as the largest viewport that is left. Cornerstone 5.14 forgets the size of a viewport that goes
 * and leaves the area as it was: from there on it would copy the wrong part of it into the viewports that are left.
 */
export function fitPool(engine: object): void {
  const pool = poolOf(engine);
  for (let index = 0; index < (pool?.getContextCount() ?? 0); index += 1) {
    const [held, most] = [pool?.getContextByIndex(index), pool?.getMaxSizeForContext(index)];
    if (!held || !most || most.width * most.height === 0) continue;
    const { container, context } = held;
    if (container.width === most.width && container.height === most.height) continue;
    Object.assign(container, { width: most.width, height: most.height });
    context.resize();
  }
}
