import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { inProcessApi, type Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { picture } from "../../fixtures/picture.ts";

export const TRUST = "RXC";
const ASK_AGAIN_MS = 20;
const MOST_TRIES = 6_000;

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** An object whose PUT was answered 2xx: from then on it may not be lost. */
export type Acknowledged = { itemId: string; sha256: string; isDicom: boolean };

/** A study of two series of four images, and one object that says it is DICOM and isn't. */
function studyToSend(): { bytes: Uint8Array; isDicom: boolean }[] {
  const study = mintUid();
  const series = [mintUid(), mintUid()];
  const pictures = series.flatMap((one) =>
    [1, 2, 3, 4].map((number) => ({ bytes: picture({ study, series: one, number }), isDicom: true })),
  );
  return [...pictures, { bytes: Buffer.from(`no image at all ${study}`), isDicom: false }];
}

/** Puts until the store has answered; where it died in between, again. 412: it was there after all. */
async function put(url: () => string, path: string, headers: Record<string, string>, bytes: Uint8Array) {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      const answer = await fetch(`${url()}${path}`, { method: "PUT", headers, body: Buffer.from(bytes) });
      if (answer.ok || answer.status === 412) return;
      throw new Error(`the object store answered ${answer.status}`);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("the object store answered")) throw error;
      await wait(ASK_AGAIN_MS);
    }
  }
  throw new Error("the object store did not come back");
}

/** Asks until it is answered, as a gateway does: the database may be away. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      await wait(ASK_AGAIN_MS);
    }
  }
}

/** Sends one study, four objects at a time, whatever dies meanwhile. */
export async function sendStudy(region: Region, gatewayUrl: () => string): Promise<Acknowledged[]> {
  const api = inProcessApi(region.gateway(TRUST));
  const objects = studyToSend();
  const { uploadId } = await insist(api.beginUpload);
  const files = objects.map(({ bytes }, index) => ({
    ref: String(index),
    sizeBytes: bytes.length,
    kind: "dicom" as const,
  }));
  const signed = [...(await insist(() => api.signItems(uploadId, files)))];
  const acknowledged: Acknowledged[] = [];
  async function worker(): Promise<void> {
    for (let item = signed.shift(); item !== undefined; item = signed.shift()) {
      const object = objects[Number(item.ref)];
      if (!object) throw new Error("signed for nothing");
      const { pathname, search } = new URL(item.put.url);
      await put(gatewayUrl, pathname + search, item.put.headers, object.bytes);
      acknowledged.push({ itemId: item.itemId, sha256: sha256(object.bytes), isDicom: object.isDicom });
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker));
  return acknowledged;
}
