export { findRequestsInScope, type RequestOfPatient } from "./of-patient.store.ts";
export { findRequestsOfRecord } from "./of-record.store.ts";
export {
  findRequest,
  findRequestsOfOthers,
  findRequestsOfPatient,
  findWords,
  isRequestOfAnother,
  putRequestAside,
  type RequestKey,
  type RequestNow,
  type RequestRow,
  type SaidOfRequest,
  saidOf,
  type Written,
  writeRequest,
} from "./request.store.ts";
export {
  type Booking,
  type ImagingRequest,
  PRIORITIES,
  type Priority,
  REQUEST_STATES,
  type RequestFields,
  type RequestState,
} from "./request.ts";
