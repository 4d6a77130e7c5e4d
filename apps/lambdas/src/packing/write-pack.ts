import { createHash } from "node:crypto";
import type { ObjectStore, Packed, PackedInstance, ToPack } from "@weald/core/ports";
import {
  type FrameLocator,
  type PackedFrame,
  readCodestream,
  type StaysCode,
  transferSyntaxOf,
} from "@weald/dicom";
import { runJob } from "../dicomweb/pixels/decoder-pool.ts";
import { pixelModuleOf } from "../dicomweb/pixels/pixel-module.ts";
import { PixelsUnreadable } from "../dicomweb/pixels/pixels-unreadable.ts";
import { ahead, bytesAt, collect } from "../dicomweb/stored-bytes.ts";
import { frameBytes } from "../dicomweb/transcode.ts";

/** The first frames of an object tell whether its source packed it better: they wait in memory until then. */
const TRIED_FRAMES = 4;
/** What its source packed to less than this part of ours stays. */
const BETTER = 0.9;
/** From so many frames on, the lowest resolutions lie beside each other once more: a reader fetches them all in one go. */
const LARGE_SERIES = 32;
const MOST_PREVIEW_BYTES = 64 * 1024 * 1024;

type Task = { instance: ToPack; index: number };
type Made = Task & ({ packed: Uint8Array } | { stays: StaysCode });

/** One object's frames so far. */
type Progress = {
  waiting: Uint8Array[];
  sentBytes: number;
  frames: PackedFrame[];
  stays: StaysCode | undefined;
};

const lengthOf = (frame: FrameLocator): number =>
  (frame.fragments ?? [frame]).reduce((sum, { length }) => sum + length, 0);

async function packedFrame(archive: ObjectStore, { instance, index }: Task): Promise<Uint8Array> {
  const frame = instance.frames[index];
  const pixels = pixelModuleOf(instance.header);
  if (!frame || !pixels) throw new PixelsUnreadable("rows, columns or bits make no picture");
  const { transferSyntaxUid } = instance;
  const isNative = !transferSyntaxOf(transferSyntaxUid).encapsulated;
  const stored = { ...instance, pixelsOffset: instance.frames[0]?.offset };
  const bytes = isNative
    ? await frameBytes(archive, stored, frame, index + 1)
    : await collect(bytesAt(archive, instance, frame));
  return runJob({ frame: bytes, transferSyntaxUid, pixels, isNative, isForPack: true });
}

async function made(archive: ObjectStore, task: Task): Promise<Made> {
  try {
    return { ...task, packed: await packedFrame(archive, task) };
  } catch (error) {
    // What lies elsewhere than its row says, or can't be unpacked, is served as it was sent.
    const isUnreadable = error instanceof PixelsUnreadable || error instanceof RangeError;
    if (!isUnreadable) throw error;
    return { ...task, stays: (error instanceof PixelsUnreadable && error.stays) || "unreadable" };
  }
}

/** What lies where in a pack that is being written. */
function createLedger(instances: readonly ToPack[]) {
  const progress = new Map<string, Progress>(
    instances.map(({ instanceId }) => [
      instanceId,
      { waiting: [], sentBytes: 0, frames: [], stays: undefined },
    ]),
  );
  const count = instances.reduce((sum, { frames }) => sum + frames.length, 0);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let previewBytes = 0;
  const previews: { frame: PackedFrame; bytes: Uint8Array }[] = [];

  function note(bytes: Uint8Array): number {
    const offset = sizeBytes;
    hash.update(bytes);
    sizeBytes += bytes.length;
    return offset;
  }

  function preview(frame: PackedFrame, packed: Uint8Array): void {
    const [lowest = 0] = frame.ends;
    if (count < LARGE_SERIES || frame.ends.length < 2 || previewBytes + lowest > MOST_PREVIEW_BYTES) return;
    previews.push({ frame, bytes: packed.slice(0, lowest) });
    previewBytes += lowest;
  }

  function lay(to: Progress, packed: Uint8Array): Uint8Array {
    const ends = readCodestream(packed).resolutionEnds ?? [packed.length];
    const frame: PackedFrame = { offset: note(packed), length: packed.length, ends };
    to.frames.push(frame);
    preview(frame, packed);
    return packed;
  }

  return {
    of: (instanceId: string): Progress | undefined => progress.get(instanceId),
    lay,
    *previews(): Generator<Uint8Array> {
      for (const { frame, bytes } of previews) {
        frame.preview = { offset: note(bytes), length: bytes.length };
        yield bytes;
      }
    },
    end(): Packed {
      const all = instances.map(({ instanceId }): PackedInstance => {
        const { stays, frames } = progress.get(instanceId) ?? { stays: "unreadable" as const, frames: [] };
        return stays ? { instanceId, stays } : { instanceId, frames };
      });
      return { sizeBytes, sha256: hash.digest("hex"), instances: all };
    },
  };
}
type Ledger = ReturnType<typeof createLedger>;

/** Frames of objects that stay are not begun any more. */
async function* tasks(instances: readonly ToPack[], ledger: Ledger): AsyncGenerator<Task> {
  for (const instance of instances)
    for (const index of instance.frames.keys())
      if (!ledger.of(instance.instanceId)?.stays) yield { instance, index };
}

const sumOf = (all: readonly Uint8Array[]) => all.reduce((sum, { length }) => sum + length, 0);

/** The next bytes of the pack. Of an object that stays, none: what lies there of it already is named by nobody. */
function* taken(ledger: Ledger, next: Made): Generator<Uint8Array> {
  const { instance, index } = next;
  const to = ledger.of(instance.instanceId);
  if (!to || to.stays) return;
  if ("stays" in next) {
    Object.assign(to, { stays: next.stays, waiting: [] });
    return;
  }
  const tried = Math.min(TRIED_FRAMES, instance.frames.length);
  if (index >= tried) {
    yield ledger.lay(to, next.packed);
    return;
  }
  to.waiting.push(next.packed);
  to.sentBytes += lengthOf(instance.frames[index] ?? { offset: 0, length: 0 });
  if (to.waiting.length < tried) return;
  const isBetterAsSent = to.sentBytes < sumOf(to.waiting) * BETTER;
  if (isBetterAsSent) to.stays = "sent-smaller";
  else for (const packed of to.waiting) yield ledger.lay(to, packed);
  to.waiting = [];
}

async function* packBytes(
  archive: ObjectStore,
  instances: readonly ToPack[],
  ledger: Ledger,
): AsyncGenerator<Uint8Array> {
  for await (const next of ahead(tasks(instances, ledger), (task) => made(archive, task)))
    yield* taken(ledger, next);
  yield* ledger.previews();
}

export class PackDiffers extends Error {
  readonly code = "PACK_DIFFERS" as const;
}

/** The archive holds what was written, to the last byte. */
async function requireSame(archive: ObjectStore, key: string, { sha256 }: Packed): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of await archive.read(key)) hash.update(chunk);
  if (hash.digest("hex") !== sha256) throw new PackDiffers("the archive holds other bytes than were written");
}

/**
 * Packs the frames of a series into one object under a key that nobody has used. Frames are unpacked and packed a few at a time, so
 * that memory holds a few of them, and of a large series its lowest resolutions.
 */
export async function writePack(
  archive: ObjectStore,
  instances: readonly ToPack[],
  key: string,
): Promise<Packed> {
  const ledger = createLedger(instances);
  const bytes = packBytes(archive, instances, ledger);
  const first = await bytes.next();
  if (first.done) return ledger.end();
  async function* all(): AsyncGenerator<Uint8Array> {
    for (let next = first; !next.done; next = await bytes.next()) yield next.value;
  }
  await archive.put(key, all(), { contentType: "application/octet-stream" });
  const packed = ledger.end();
  await requireSame(archive, key, packed);
  return packed;
}
