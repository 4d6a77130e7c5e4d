/** The first bytes of a frame of a pack: a codestream that ends early. `level`: how often what it gives is halved. */
export type Reduced = { bytes: Uint8Array; level: number; packId: string };

const MOST_BYTES = 48 * 1024 * 1024;

/**
 * Reduced pictures of frames whose full detail isn't here. They lie apart from the library's images, so that nothing that measures,
 * computes or takes a picture ever meets one (clinical page §12).
 */
const held = new Map<string, Reduced>();
const listeners = new Map<string, Set<() => void>>();
let heldBytes = 0;

export const reducedOf = (imageId: string): Reduced | undefined => held.get(imageId);

function drop(imageId: string): void {
  heldBytes -= held.get(imageId)?.bytes.length ?? 0;
  held.delete(imageId);
}

/** The finest so far; the oldest go first where there are too many. */
export function keepReduced(imageId: string, reduced: Reduced): void {
  const known = held.get(imageId);
  if (known && known.level <= reduced.level) return;
  drop(imageId);
  held.set(imageId, reduced);
  heldBytes += reduced.bytes.length;
  for (const oldest of held.keys()) {
    if (heldBytes <= MOST_BYTES || oldest === imageId) break;
    drop(oldest);
  }
  for (const tell of listeners.get(imageId) ?? []) tell();
}

/** Told whenever a finer one is here. */
export function onReduced(imageId: string, then: () => void): () => void {
  const mine = listeners.get(imageId) ?? new Set();
  listeners.set(imageId, mine.add(then));
  return () => {
    mine.delete(then);
    if (mine.size === 0) listeners.delete(imageId);
  };
}
