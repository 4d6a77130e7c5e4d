import type { FrameLocator, Header, PackedFrame, ViewerInstance } from "../contract.ts";
import type { SourceBook } from "./url-book.ts";

export const SCHEME = "weald";

/** One frame of one instance, in the order of the stack. `frame` counts from 1. `packed`: where it lies in the series' pack. */
export type Frame = {
  imageId: string;
  instance: ViewerInstance;
  frame: number;
  locator: FrameLocator;
  packed?: (PackedFrame & { packId: string }) | undefined;
};
export type Registered = Frame & { book: SourceBook };
type ComputeImage = () => Promise<unknown>;

const frames = new Map<string, Registered>();
const computed = new Map<string, { frame: Frame; compute: ComputeImage }>();

/** Never a URL: it would be a key of caches and stand in annotations. The version changes with what is served. */
export const baseIdOf = ({ instanceId, version }: ViewerInstance): string =>
  `${SCHEME}:/${instanceId}/${version}`;

function packedOf({ packed }: ViewerInstance, index: number): Frame["packed"] {
  const frame = packed?.frames[index];
  return packed && frame && { ...frame, packId: packed.packId };
}

export function framesOf(instances: readonly ViewerInstance[]): Frame[] {
  return instances.flatMap((instance) =>
    instance.frames.map((locator, index) => ({
      imageId: `${baseIdOf(instance)}/frames/${index + 1}`,
      instance,
      frame: index + 1,
      locator,
      packed: packedOf(instance, index),
    })),
  );
}

export function register(book: SourceBook, stack: readonly Frame[]): void {
  for (const frame of stack) frames.set(frame.imageId, { ...frame, book });
}

/** A picture that nobody acquired: made here of others. */
export function registerComputed(frame: Frame, compute: ComputeImage): void {
  computed.set(frame.imageId, { frame, compute });
}

export const registered = (imageId: string): Frame | undefined =>
  frames.get(imageId) ?? computed.get(imageId)?.frame;
/** With where its bytes come from: of a picture that was acquired. */
export const acquired = (imageId: string): Registered | undefined => frames.get(imageId);
export const computing = (imageId: string): ComputeImage | undefined => computed.get(imageId)?.compute;
export const headerOf = (imageId: string): Header | undefined => registered(imageId)?.instance.header;
