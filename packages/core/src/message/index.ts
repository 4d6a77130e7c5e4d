export { acceptMessages } from "./accept-messages.ts";
export { Hl7Refused, parseHl7 } from "./hl7.ts";
export { holdAside } from "./hold-aside.ts";
export { TAKEN } from "./read-message.ts";
export { recheckRecord, recheckStudy } from "./recheck.ts";
