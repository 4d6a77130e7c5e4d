import { createReadStream } from "node:fs";
import path from "node:path";
import * as Study from "@weald/core/study";
import { readHeader, serveObject } from "@weald/dicom";
import type { SignedObject, TakenOverlay, TakenStudy } from "./api.ts";
import { fetchObject } from "./fetch-object.ts";
import type { ExportFolder } from "./files.ts";

export type ObjectToTake = {
  study: TakenStudy;
  object: SignedObject;
  url: string;
  /** A trust takes along what was corrected as it came, too; a person gets what is served of them. */
  keepsOriginals: boolean;
};

const placeOf = (below: string, { study, object }: ObjectToTake) =>
  `${below}/${study.studyInstanceUid}/${object.seriesInstanceUid}/${object.sopInstanceUid}.dcm`;

const overlaysOf = ({ study, object }: ObjectToTake): TakenOverlay[] =>
  study.overlays.filter(
    ({ level, targetId }) =>
      level === "study" || targetId === (level === "series" ? object.seriesId : object.id),
  );

/** The object in `file` as it is served. */
async function* served(
  file: string,
  object: SignedObject,
  overlays: readonly TakenOverlay[],
): AsyncGenerator<Uint8Array> {
  const { dataset } = await readHeader(createReadStream(file));
  const { transferSyntaxUid, sopClassUid, sopInstanceUid } = object;
  const written = overlays.map((overlay) => ({ ...overlay, writtenAt: new Date(overlay.writtenAt) }));
  const changed = Study.changedBy(dataset, written);
  const as = { transferSyntaxUid, sopClassUid, sopInstanceUid, changed };
  yield* serveObject(createReadStream(file), as);
}

/**
 * One object, into the folder: as it is served, so that whoever reads it elsewhere sees what is seen here; as it is stored
 * where nothing was corrected, which is the same. What was set aside goes where nobody takes it for an image of the patient.
 */
export async function takeObject(folder: ExportFolder, asked: ObjectToTake): Promise<void> {
  const { study, object, url, keepsOriginals } = asked;
  const stored = () => fetchObject(url);
  const overlays = overlaysOf(asked);
  if (study.isSetAside || object.isSetAside)
    return folder.put(placeOf("set-aside", asked), stored, object.sha256Stored);
  if (overlays.length === 0) return folder.put(placeOf("dicom", asked), stored, object.sha256Stored);
  const place = placeOf("originals", asked);
  await folder.put(place, stored, object.sha256Stored);
  const original = path.join(folder.folder, place);
  await folder.put(placeOf("dicom", asked), async () => served(original, object, overlays));
  if (!keepsOriginals) await folder.drop(place);
}
