import { type Protocol, protocolSchema } from "./protocol.ts";
import chestXray from "./protocols/chest-xray.json" with { type: "json" };
import ctChest from "./protocols/ct-chest.json" with { type: "json" };
import ctHead from "./protocols/ct-head.json" with { type: "json" };
import general from "./protocols/general.json" with { type: "json" };
import mammography from "./protocols/mammography.json" with { type: "json" };
import mrBrain from "./protocols/mr-brain.json" with { type: "json" };
import us from "./protocols/us.json" with { type: "json" };

/** What is shipped. Order decides between protocols that ask equally much; the last asks nothing and takes all. */
export const protocols: readonly Protocol[] = [
  mammography,
  chestXray,
  ctChest,
  ctHead,
  mrBrain,
  us,
  general,
].map((said) => protocolSchema.parse(said));
