import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

const STEPS = 2e8;

/** Milliseconds of a fixed sum: a shared machine that has little of its processors says so by this, and by no load. */
function stepsMs(): number {
  const began = performance.now();
  let sum = 0;
  for (let step = 0; step < STEPS; step += 1) sum += step;
  return sum > 0 ? Math.round(performance.now() - began) : 0;
}

/** A number without its machine says nothing. The load is that before the measurement. */
export function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    stepsMs: stepsMs(),
  };
}
