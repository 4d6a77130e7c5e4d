export { characterSetTerms } from "./dataset/character-sets.ts";
export { isPrivateTag, keywordOf, tagOf, vrOf } from "./dataset/dictionary.ts";
export { number, numbers, personName, sequence, text, texts } from "./dataset/read-values.ts";
export { DicomError, refusalCodes } from "./errors.ts";
export {
  decompositionsFor,
  HTJ2K_RPCL,
  STAYS,
  type StaysCode,
  whyStays,
} from "./htj2k/packable.ts";
export { readCodestream } from "./htj2k/read-codestream.ts";
export { type InstancePlace, instanceKey, packKey, pictureKey } from "./object-key.ts";
export { type DirectoryEntry, directoryKeysOf, writeDicomdir } from "./part10/dicomdir.ts";
export { swapWords } from "./part10/encode-raw.ts";
export { type LaidPiece, type LayingOut, type Layout, layOutObject } from "./part10/lay-out-object.ts";
export { readDataset, readDatasetHead } from "./part10/read-dataset.ts";
export { type Part10Header, readHeader, readPart10 } from "./part10/read-part10.ts";
export { type DecodedPixels, type ServedAs, serveObject, unpackObject } from "./part10/serve-object.ts";
export { type SplitPart10, splitPart10 } from "./part10/split-part10.ts";
export {
  type MetaHeader,
  type Part10Content,
  writeDataset,
  writeMetaHeader,
  writePart10,
} from "./part10/write-part10.ts";
export { isImageClass, nameOfSopClass } from "./sop-class.ts";
export {
  DEFLATED,
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  isKnownTransferSyntax,
  type TransferSyntax,
  transferSyntaxes,
  transferSyntaxOf,
} from "./transfer-syntax.ts";
export type {
  ByteSpan,
  Deviation,
  DicomJson,
  DicomJsonAttribute,
  DicomJsonValue,
  FrameLocator,
  PackedFrame,
  Part10Object,
  PersonNameJson,
  PixelData,
} from "./types.ts";
export { acceptUid, mintUid, type Uid } from "./uid.ts";
export { attributePath } from "./web/attribute-path.ts";
export { frameMediaTypes } from "./web/frame-media-type.ts";
export type { Match, MomentMatch, Query, Range, Test } from "./web/match.ts";
export { type MediaRange, type MediaType, parseAccept, parseMediaType } from "./web/media-type.ts";
export { type Part, readMultipart } from "./web/multipart-reader.ts";
export { multipartBody, newBoundary, type PartOut } from "./web/multipart-writer.ts";
export { MOST_OFFSET, type Pairs, parseQuery } from "./web/parse-query.ts";
export { queryRefusalCodes } from "./web/query-errors.ts";
export {
  depthOf,
  levelOf,
  QUERY_LEVELS,
  type QueryLevel,
  REQUIRED_KEYS,
  RETURNED,
  SERIES_TAGS,
  STUDY_TAGS,
} from "./web/query-levels.ts";
export { readStoreRequest, type StorePart } from "./web/store-request.ts";
export {
  failureReasons,
  type StoredName,
  type StoreResult,
  storedName,
  storeResponse,
} from "./web/store-response.ts";
