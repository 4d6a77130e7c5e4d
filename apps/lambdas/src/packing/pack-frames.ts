import { pictureArchive } from "@weald/adapters/picture-archive";
import type { Packed, ToPack } from "@weald/core/ports";
import { PackDiffers, writePack } from "./write-pack.ts";

type Asked = { instances: ToPack[]; key: string };

/** Packs the frames of a series. It has the archive and no database (docs/adr/0011). */
export async function handler({ instances, key }: Asked): Promise<Packed | { failed: "PACK_DIFFERS" }> {
  try {
    return await writePack(await pictureArchive(), instances, key);
  } catch (error) {
    if (error instanceof PackDiffers) return { failed: error.code };
    throw error;
  }
}
