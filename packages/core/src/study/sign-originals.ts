import type { Ctx } from "../kernel/index.ts";
import { grantAt } from "./grant.ts";

/** A short-lived URL of an instance as it was sent. */
export type SignedOriginal = { instanceId: string; url: string; expiresAt: string };

/** @param keys - by instance, of whoever may have the whole of it */
export async function signOriginals(
  { service }: Ctx,
  keys: ReadonlyMap<string, string>,
): Promise<SignedOriginal[]> {
  const grant = { ...grantAt(service.now()), contentType: "application/dicom" };
  const expiresAt = grant.until.toISOString();
  return Promise.all(
    [...keys].map(async ([instanceId, key]) => ({
      instanceId,
      url: await service.ports.archive.signGet(key, grant),
      expiresAt,
    })),
  );
}
