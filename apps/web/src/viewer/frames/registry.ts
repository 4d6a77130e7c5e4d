import type { FrameLocator, Header, ViewerInstance } from "../contract.ts";
import type { UrlBook } from "./url-book.ts";

export const SCHEME = "weald";

/** One frame of one instance, in the order of the stack. `frame` counts from 1. */
export type Frame = { imageId: string; instance: ViewerInstance; frame: number; locator: FrameLocator };
type Registered = Frame & { book: UrlBook };

const frames = new Map<string, Registered>();

/** Never a URL: it would be a key of caches and stand in annotations. The version changes with what is served. */
export const baseIdOf = ({ instanceId, version }: ViewerInstance): string =>
  `${SCHEME}:/${instanceId}/${version}`;

export function framesOf(instances: readonly ViewerInstance[]): Frame[] {
  return instances.flatMap((instance) =>
    instance.frames.map((locator, index) => ({
      imageId: `${baseIdOf(instance)}/frames/${index + 1}`,
      instance,
      frame: index + 1,
      locator,
    })),
  );
}

export function register(book: UrlBook, stack: readonly Frame[]): void {
  for (const frame of stack) frames.set(frame.imageId, { ...frame, book });
}

export const registered = (imageId: string): Registered | undefined => frames.get(imageId);
export const headerOf = (imageId: string): Header | undefined => frames.get(imageId)?.instance.header;
