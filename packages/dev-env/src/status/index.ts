export { describeQueues, describeSeals, type LastSeal, lastErrors } from "./status-of.ts";
