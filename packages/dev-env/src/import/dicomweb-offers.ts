import { createWriteStream } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { DicomwebPeer, InstancePlace } from "@weald/adapters/peer/dicomweb";
import { PeerFailed } from "@weald/adapters/peer/failed";
import { DicomError } from "@weald/dicom";
import type { Source } from "../send/index.ts";
import { NotFetched, type Offer } from "./found.ts";

const TRIES = 4;
const FIRST_WAIT_MS = 500;

export type Wanted = { from?: string; to?: string; patientIds: readonly string[] };

/** Away for a moment, or the line broke: what else the peer says is its answer. */
const isPassing = (error: unknown) =>
  error instanceof PeerFailed
    ? error.status === 0 || error.status === 429 || error.status >= 500
    : (error instanceof TypeError && error.message === "terminated") ||
      (error instanceof DicomError && error.code === "MULTIPART_TRUNCATED");

const whyOf = (error: unknown) => (error instanceof Error ? error.message : "It can't be read.");

/** A fetched object waits in a file until the region has it, so that a large one is never held in memory. */
async function fetched(peer: DicomwebPeer, place: InstancePlace, file: string): Promise<Source> {
  for (let tried = 1; ; tried += 1) {
    try {
      await pipeline(Readable.from(peer.read(place)), createWriteStream(file, { mode: 0o600 }));
      const { size: sizeBytes } = await stat(file);
      return {
        name: place.sopInstanceUid,
        kind: "dicom",
        sizeBytes,
        read: async () => Readable.toWeb((await open(file)).createReadStream()) as ReadableStream<Uint8Array>,
      };
    } catch (error) {
      await rm(file, { force: true });
      if (!isPassing(error) && !(error instanceof PeerFailed)) throw error;
      if (!isPassing(error) || tried === TRIES) throw new NotFetched(`Not fetched: ${whyOf(error)}`);
      await wait(FIRST_WAIT_MS * 2 ** (tried - 1));
    }
  }
}

async function* studiesOf(peer: DicomwebPeer, { patientIds, ...range }: Wanted): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const patientId of patientIds.length > 0 ? patientIds : [undefined])
    for await (const study of peer.studies({ ...range, ...(patientId ? { patientId } : {}) })) {
      if (seen.has(study)) continue;
      seen.add(study);
      yield study;
    }
}

/** Every object of the wanted studies of another archive, by its own index. */
export async function* dicomwebOffers(
  peer: DicomwebPeer,
  wanted: Wanted,
  folder: string,
): AsyncGenerator<Offer> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for await (const study of studiesOf(peer, wanted))
    for await (const place of peer.instances(study)) {
      const { sopInstanceUid: sop } = place;
      const file = path.join(folder, `${sop}.dcm`);
      yield {
        key: `${study}|${sop}`,
        name: sop,
        study,
        sop,
        open: () => fetched(peer, place, file),
        done: () => rm(file, { force: true }),
      };
    }
}
