export { readArrivals } from "./read-arrivals.ts";
export { readGateways } from "./read-gateways.ts";
export { readQueues } from "./read-queues.ts";
export { COLDER_AFTER_DAYS, readStorage } from "./read-storage.ts";
export { readWaiting } from "./read-waiting.ts";
export { tallyArrivals } from "./tally-arrivals.ts";
export { tellGateway } from "./tell-gateway.ts";
