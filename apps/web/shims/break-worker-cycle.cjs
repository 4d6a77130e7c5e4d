// Turbopack (<= 16.4.6) hangs in `next build` when a worker's graph makes the same worker again (vercel/next.js#97399):
// @cornerstonejs/tools: computeWorker → utilities/segmentation → registerComputeWorker → new Worker(computeWorker).
// This cuts that one edge; tools/build-compute-worker.mjs builds the worker beside it.
const EDGE = /new Worker\(new URL\((['"])\.\.\/workers\/computeWorker\.js\1, import\.meta\.url\), \{/;

module.exports = function breakWorkerCycle(source) {
  if (!EDGE.test(source))
    throw new Error("registerComputeWorker.js has changed: look at shims/break-worker-cycle.cjs");
  return source.replace(EDGE, 'new Worker("/cornerstone/compute-worker.js", {');
};
