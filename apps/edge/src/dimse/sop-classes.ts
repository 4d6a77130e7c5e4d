export const VERIFICATION = "1.2.840.10008.1.1";
export const STORAGE_COMMITMENT = "1.2.840.10008.1.20.1";
export const STORAGE_COMMITMENT_INSTANCE = "1.2.840.10008.1.20.1.1";
export const STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1";
export const STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2";
export const WORKLIST_FIND = "1.2.840.10008.5.1.4.31";
export const PERFORMED_STEP = "1.2.840.10008.3.1.2.3.3";

const DICOM_ROOT = "1.2.840.10008.";
const COMPOSITE_ROOT = "1.2.840.10008.5.1.4.1.1.";
/** Storage outside the composite root. @see DICOM PS3.4 §B.5, §GG.3 */
const STORED_ELSEWHERE = new Set([
  "1.2.840.10008.5.1.1.27",
  "1.2.840.10008.5.1.1.29",
  "1.2.840.10008.5.1.1.30",
  "1.2.840.10008.5.1.4.34.7",
  "1.2.840.10008.5.1.4.34.10",
  "1.2.840.10008.5.1.4.38.1",
  "1.2.840.10008.5.1.4.39.1",
  "1.2.840.10008.5.1.4.43.1",
  "1.2.840.10008.5.1.4.44.1",
  "1.2.840.10008.5.1.4.45.1",
]);

/** Known or not, an object may be stored; a service of DICOM that isn't ours may not be mistaken for one. */
export function isStorage(sopClassUid: string): boolean {
  if (!/^[0-9][0-9.]{0,63}$/.test(sopClassUid)) return false;
  if (!sopClassUid.startsWith(DICOM_ROOT)) return true;
  return sopClassUid.startsWith(COMPOSITE_ROOT) || STORED_ELSEWHERE.has(sopClassUid);
}
