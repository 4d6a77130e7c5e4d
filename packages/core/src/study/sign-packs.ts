import type { Ctx } from "../kernel/index.ts";
import { type GoneCode, grantAt } from "./grant.ts";

/** A pack of a series, by which its frames are read. Gone, its frames are read from the originals. */
export type SignedPack =
  | { packId: string; url: string; expiresAt: string }
  | { packId: string; gone: true; code: GoneCode };

/** Short-lived URLs of whole packs, for whoever may read all of their series. `code`: why the others are gone. */
export async function signPacks(
  { service }: Ctx,
  packIds: readonly string[],
  { keys, code }: { keys: ReadonlyMap<string, string>; code: GoneCode },
): Promise<SignedPack[]> {
  const grant = { ...grantAt(service.now()), contentType: "application/octet-stream" };
  const expiresAt = grant.until.toISOString();
  return Promise.all(
    packIds.map(async (packId): Promise<SignedPack> => {
      const key = keys.get(packId);
      if (key === undefined) return { packId, gone: true, code };
      return { packId, url: await service.ports.archive.signGet(key, grant), expiresAt };
    }),
  );
}
