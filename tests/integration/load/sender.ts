import { setTimeout as wait } from "node:timers/promises";
import { inProcessApi, type Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { picture } from "../../fixtures/picture.ts";
import { type Acknowledged, sha256, TRUST } from "../crash/sender.ts";
import type { TakenIn } from "./taken-in.ts";

/** A study is so many series of so many images: a second of the steady load. */
const SERIES = 3;
const IMAGES = 10;
export const IMAGES_OF_STUDY = SERIES * IMAGES;
const PATIENTS = 40;
/** A machine that doesn't keep up gets no more studies than that at once; the rate that was reached says so. */
const MOST_AT_ONCE = 24;

export type Sent = Acknowledged & { study: string; series: string; at: number };

/** So many objects a second, with more from second `from` on for `seconds`. */
export type Load = {
  perSecond: number;
  seconds: number;
  bursts: { from: number; seconds: number; perSecond: number }[];
};

function rateAt({ perSecond, bursts }: Load, second: number): number {
  const burst = bursts.find(({ from, seconds }) => second >= from && second < from + seconds);
  return burst?.perSecond ?? perSecond;
}

/** When each study begins, in ms from the first. */
function beginnings(load: Load): number[] {
  return Array.from({ length: load.seconds }, (_, second) => {
    const studies = Math.round(rateAt(load, second) / IMAGES_OF_STUDY);
    return Array.from({ length: studies }, (_, index) => (second + index / studies) * 1000);
  }).flat();
}

const until = (moment: number) => wait(Math.max(0, moment - Date.now()));

async function put(url: string, headers: Record<string, string>, bytes: Uint8Array): Promise<void> {
  const answer = await fetch(url, { method: "PUT", headers, body: Buffer.from(bytes) });
  if (!answer.ok) throw new Error(`the object store answered ${answer.status}`);
}

/** Sends as scanners do: each image at its own moment, whether or not those before it were taken in. */
export function createSender(region: Region, takenIn: TakenIn) {
  const api = inProcessApi(region.gateway(TRUST));
  const sent: Sent[] = [];
  const finishing: Promise<void>[] = [];
  const underWay = new Set<Promise<void>>();
  let studies = 0;

  async function sendStudy(began: number): Promise<void> {
    const study = mintUid();
    const places = Array.from({ length: SERIES }, mintUid).flatMap((series) =>
      Array.from({ length: IMAGES }, (_, index) => ({ series, number: index + 1 })),
    );
    studies += 1;
    const localNumber = `RXC-${studies % PATIENTS}`;
    const images = places.map((place) => ({ ...place, bytes: picture({ ...place, study, localNumber }) }));
    const { uploadId } = await api.beginUpload();
    const files = images.map(({ bytes }, index) => ({
      ref: String(index),
      sizeBytes: bytes.length,
      kind: "dicom" as const,
    }));
    const signed = await api.signItems(uploadId, files);
    // As a gateway: its word that nothing more comes follows when all of it is taken in.
    const ids = signed.map(({ itemId }) => itemId);
    finishing.push(takenIn.all(ids).then(() => api.finishUpload(uploadId)));
    for (const [
      index,
      {
        ref,
        itemId,
        put: { url, headers },
      },
    ] of signed.entries()) {
      const image = images[Number(ref)];
      if (!image) throw new Error("signed for nothing");
      await until(began + (index * 1000) / IMAGES_OF_STUDY);
      await put(url, headers, image.bytes);
      const { series, bytes } = image;
      sent.push({ itemId, sha256: sha256(bytes), isDicom: true, study, series, at: Date.now() });
    }
  }

  return {
    sent,
    async send(load: Load): Promise<void> {
      const began = Date.now();
      for (const beginning of beginnings(load)) {
        await until(began + beginning);
        if (underWay.size >= MOST_AT_ONCE) continue;
        const sending = sendStudy(began + beginning);
        underWay.add(sending);
        void sending.finally(() => underWay.delete(sending));
      }
      await Promise.all(underWay);
    },
    /** The sender's word that nothing more comes, said for each study that was taken in whole. */
    finished: () => Promise.all(finishing),
  };
}
