export { acceptMessages } from "./accept-messages.ts";
export { CLINIC_AFTER_DAYS, CLINIC_BEFORE_DAYS, STAY_TAIL_DAYS, UNHEARD_STAY_DAYS } from "./care.ts";
export { Hl7Refused, parseHl7 } from "./hl7.ts";
export { holdAside } from "./hold-aside.ts";
export { isTaken, type Message, readMessage, TAKEN } from "./read-message.ts";
export { recheckRecord, recheckStudy } from "./recheck.ts";
export { REFUSALS } from "./refusals.ts";
