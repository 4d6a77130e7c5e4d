export { chooseProtocols, type StudyHead } from "./choose-protocol.ts";
export { gridKey, ownGrid, ownSecondGrid, secondGridKey, withGrid } from "./grid-memory.ts";
export {
  type Hanging,
  type HungGrid,
  type HungPlace,
  type HungStep,
  hang,
  hangByFirst,
  type Place,
  type Screens,
} from "./hang.ts";
export { type HangingImage, type ImageKind, type ImageSide, idOf } from "./hanging-image.ts";
export { nearestPriors } from "./nearest-priors.ts";
export { type Protocol, type ProtocolStep, protocolSchema } from "./protocol.ts";
export { protocols } from "./protocols.ts";
