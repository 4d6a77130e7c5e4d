import { acceptUid } from "./uid.ts";

export type InstancePlace = {
  studyStorageId: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  /** Hex. */
  sha256Received: string;
};

/**
 * Where an original lies: it mirrors WADO-RS below the study, and other bytes under the same UID get another key.
 *
 * @throws {DicomError} `UID_INVALID`
 * @see DICOM PS3.18 §10.4 (resources of a study)
 */
export const instanceKey = ({
  studyStorageId,
  seriesInstanceUid,
  sopInstanceUid,
  sha256Received,
}: InstancePlace): string =>
  `${studyStorageId}/series/${acceptUid(seriesInstanceUid)}/instances/${acceptUid(sopInstanceUid)}/${sha256Received.slice(0, 16)}`;

/**
 * Where the small picture of a series lies, by the image that it is of: as WADO-RS has it below the series.
 *
 * @throws {DicomError} `UID_INVALID`
 * @see DICOM PS3.18 §10.4.1.1.7 (thumbnail)
 */
export const pictureKey = ({
  studyStorageId,
  seriesInstanceUid,
  instanceId,
}: Pick<InstancePlace, "studyStorageId" | "seriesInstanceUid"> & { instanceId: string }): string =>
  `${studyStorageId}/series/${acceptUid(seriesInstanceUid)}/thumbnail/${instanceId}`;

/**
 * Where what is made of a settled series lies: the pack of its frames and its manifest, each version under an id of its own.
 *
 * @throws {DicomError} `UID_INVALID`
 */
export const packKey = ({
  studyStorageId,
  seriesInstanceUid,
  packId,
  part,
}: Pick<InstancePlace, "studyStorageId" | "seriesInstanceUid"> & {
  packId: string;
  part: "frames" | "manifest";
}): string => `${studyStorageId}/series/${acceptUid(seriesInstanceUid)}/packs/${packId}/${part}`;
