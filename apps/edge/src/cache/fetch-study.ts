import { type DicomJson, text } from "@weald/dicom";
import type { Dicomweb } from "../query/dicomweb.ts";
import { SERIES_UID, SOP_UID } from "../query/identifier.ts";
import type { CacheDisk, KeptIndex } from "./cache-disk.ts";
import { keyOf, type NeededStudy } from "./needed.ts";

/** Available Transfer Syntax UID. */
const SYNTAXES = "00083002";
const AS_STORED = "*";

/** There is no room for it, or what came isn't what the list promised. */
export class NotKept extends Error {
  readonly code: string;
  constructor(code: string) {
    super("The study is not kept.");
    this.code = code;
  }
}

export type Fetching = {
  web: Dicomweb;
  disk: CacheDisk;
  /** Before each piece: the line's time, and room on the disk. @throws {NotKept} */
  admit(bytes: number): Promise<void>;
  /** Before each object: whether it is wanted still. @throws {NotKept} */
  goOn(): Promise<void>;
  signal: AbortSignal;
};

async function* admitted(pieces: AsyncIterable<Uint8Array>, admit: Fetching["admit"]) {
  for await (const piece of pieces) {
    await admit(piece.length);
    yield piece;
  }
}

async function all(found: AsyncIterable<DicomJson>): Promise<DicomJson[]> {
  const datasets: DicomJson[] = [];
  for await (const dataset of found) datasets.push(dataset);
  return datasets;
}

/** A custodian's own copy, as the region's doors serve it: corrections are in what comes. */
const pathOf = ({ custodian, studyInstanceUid }: NeededStudy): string =>
  `/${custodian}/studies/${studyInstanceUid}`;

/** What the region says of studies of one custodian, by their UID. */
export async function fetchHeads(
  web: Dicomweb,
  studies: readonly NeededStudy[],
  signal: AbortSignal,
): Promise<Map<string, DicomJson>> {
  const uids = studies.map(({ studyInstanceUid }) => studyInstanceUid).join(",");
  const matches: [string, string][] = [["0020000D", uids]];
  const path = `/${studies[0]?.custodian}/studies`;
  const heads = await all(web.search({ path, matches, includes: ["all"] }, signal));
  return new Map(heads.map((head) => [text(head, "0020000D") ?? "", head]));
}

/** Fetches a whole study into the cache. Until its last byte is on the disk none of it is shown. */
export async function fetchStudy(study: NeededStudy, way: Fetching): Promise<void> {
  const { web, disk, signal } = way;
  const path = pathOf(study);
  const series = await all(web.search({ path: `${path}/series`, matches: [], includes: ["all"] }, signal));
  const instances = await all(
    web.search({ path: `${path}/instances`, matches: [], includes: [SYNTAXES] }, signal),
  );
  // More came since the list was made: the next list says so.
  if (instances.length !== study.instances) throw new NotKept("CACHE_COUNT_DIFFERS");
  const writing = await disk.begin(keyOf(study));
  const files: KeptIndex["files"] = [];
  try {
    for (const [place, instance] of instances.entries()) {
      await way.goOn();
      const object = `${path}/series/${text(instance, SERIES_UID)}/instances/${text(instance, SOP_UID)}`;
      const pieces = await web.retrieve(object, AS_STORED, signal);
      files.push(await writing.write(place, admitted(pieces, way.admit)));
    }
    await way.goOn();
    await writing.finish({ series, instances, files });
  } catch (error) {
    await writing.abandon();
    throw error;
  }
}
