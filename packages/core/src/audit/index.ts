export { relayOutbox } from "./relay-outbox.ts";
