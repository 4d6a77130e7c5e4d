export { lastOpenedAt } from "./opened.store.ts";
export { relayOutbox } from "./relay-outbox.ts";
