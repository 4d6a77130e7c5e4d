export {
  findRequest,
  findRequestsOfOthers,
  findRequestsOfPatient,
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
  requestStateOf,
} from "./request.ts";
