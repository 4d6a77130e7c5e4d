export {
  type PortalCall,
  portalCaller,
  type ReconcilingApi,
  type SendingApi,
  SendRefused,
  sendingApi,
} from "./api.ts";
export { keptToken } from "./kept-token.ts";
export { ObjectRefused } from "./put-object.ts";
export { type SendOptions, type SentFile, sendSources } from "./send-sources.ts";
export { bytesSource, kindOf, type Source, sourcesIn } from "./sources.ts";
