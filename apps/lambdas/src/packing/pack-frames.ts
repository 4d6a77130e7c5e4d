import { pictureArchive } from "@weald/adapters/picture-archive";
import type { Packed, ToPack } from "@weald/core/ports";
import { writePack } from "./write-pack.ts";

type Asked = { instances: ToPack[]; key: string };

/** Packs the frames of a series. It has the archive and no database (docs/adr/0011). */
export async function handler({ instances, key }: Asked): Promise<Packed> {
  return writePack(await pictureArchive(), instances, key);
}
