import { pictureArchive } from "@weald/adapters/picture-archive";
import type { Drawable, Drawn } from "@weald/core/ports";
import { drawnFrame } from "./drawn-frame.ts";
import { PixelsUnreadable } from "./pixels/pixels-unreadable.ts";

const SIDE = 160;
const MOST_BYTES = 20 * 1024;
/** The first that is small enough. Noise packs badly: the last is small whatever it holds. */
const TRIES = [
  { side: SIDE, quality: 75 },
  { side: SIDE, quality: 45 },
  { side: SIDE / 2, quality: 45 },
] as const;

type Asked = { drawable: Drawable; key: string };

async function small({ drawable }: Asked): Promise<Uint8Array | undefined> {
  const { frame, frameNumber, ...stored } = drawable;
  const archive = await pictureArchive();
  let drawn: Uint8Array | undefined;
  for (const { side, quality } of TRIES) {
    const viewport = { width: side, height: side, crop: undefined };
    const wish = { viewport, quality, format: "image/jpeg" as const, window: undefined };
    drawn = await drawnFrame(archive, { ...stored, frames: [frame] }, wish, frameNumber);
    if (!drawn || drawn.length <= MOST_BYTES) return drawn;
  }
  return drawn;
}

/** What lies elsewhere than its row says, or can't be unpacked, is no reason to ask again. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof PixelsUnreadable ||
  error instanceof RangeError ||
  (error instanceof Error && "code" in error && error.code === "OBJECT_NOT_FOUND");

/** Draws one small picture and writes it beside its series. It has the archive and no database (docs/adr/0011). */
export async function handler(asked: Asked): Promise<Drawn> {
  try {
    const bytes = await small(asked);
    if (!bytes) return { failed: "not-drawn" };
    await (await pictureArchive()).put(asked.key, bytes, {
      contentType: "image/jpeg",
      sizeBytes: bytes.length,
    });
    return { sizeBytes: bytes.length };
  } catch (error) {
    if (isUnreadable(error)) return { failed: "unreadable" };
    throw error;
  }
}
