import { imageLoader, init as initCore, type Types } from "@cornerstonejs/core";
import { init as initLoader, wadors } from "@cornerstonejs/dicom-image-loader";

/** What the loader made of one frame. */
export type LoadedFrame = {
  rows: number;
  columns: number;
  pixels: number[];
};

/**
 * All frames of a series as cornerstone's own loader has them: metadata and frames by WADO-RS, the token in `beforeSend`,
 * codecs in its own worker. Nothing of Weald's viewer.
 */
async function loadSeries(seriesUrl: string, token: string): Promise<LoadedFrame[]> {
  const authorization = `Bearer ${token}`;
  initCore();
  initLoader({ maxWebWorkers: 1, beforeSend: async () => ({ authorization }) });
  const answer = await fetch(`${seriesUrl}/metadata`, {
    headers: { authorization, accept: "application/dicom+json" },
  });
  if (!answer.ok) throw new Error(`metadata: ${answer.status}`);
  const frames: LoadedFrame[] = [];
  for (const header of await answer.json()) {
    const instance = `${seriesUrl}/instances/${header["00080018"].Value[0]}`;
    const count = Number(header["00280008"]?.Value[0] ?? 1);
    for (let frame = 1; frame <= count; frame += 1) {
      const imageId = `wadors:${instance}/frames/${frame}`;
      wadors.metaDataManager.add(imageId, header);
      frames.push(told(await imageLoader.loadAndCacheImage(imageId)));
    }
  }
  return frames;
}

const told = (image: Types.IImage): LoadedFrame => ({
  rows: image.rows,
  columns: image.columns,
  pixels: Array.from(image.getPixelData()),
});

export type WadorsPage = { loadSeries: typeof loadSeries };
Object.assign(globalThis, { wadorsPage: { loadSeries } satisfies WadorsPage });
