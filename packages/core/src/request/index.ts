export { findRequestsOfRecord } from "./of-record.store.ts";
export {
  findRequest,
  findWords,
  isRequestOfAnother,
  type NewRequest,
  type RequestRow,
  type Written,
  writeRequest,
} from "./request.store.ts";
export {
  type ImagingRequest,
  PRIORITIES,
  type Priority,
  REQUEST_STATES,
  type RequestState,
} from "./request.ts";
