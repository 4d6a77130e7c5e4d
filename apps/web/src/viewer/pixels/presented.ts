import { cache } from "@cornerstonejs/core";
import { NOTHING, type Presentation } from "./presentation.ts";

const presented = new WeakMap<object, Presentation>();

/** What was read beside a picture lives as long as the picture does: one that comes back from the cache has its tables. */
export function keepWith(image: object, presentation: Presentation): void {
  presented.set(image, presentation);
}

/** What stands beside a picture that was read: nothing of one that wasn't. */
export function presentationOf(imageId: string): Presentation {
  const image = cache.getImage(imageId);
  return (image && presented.get(image)) ?? NOTHING;
}
