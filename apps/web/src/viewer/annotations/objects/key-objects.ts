import type { Header } from "../../contract.ts";
import {
  code,
  evidence,
  headOf,
  items,
  type Making,
  one,
  type Referred,
  reference,
  sorted,
} from "./dataset.ts";

const KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59";

/**
 * Key images with what was noted of them.
 *
 * @see DICOM PS3.16 TID 2010 (Key Object Selection), PS3.3 §A.35.4
 */
export function keyObjects(making: Making, note: string, referred: readonly Referred[]): Header {
  const studyInstanceUid = String(making.like["0020000D"]?.Value?.[0] ?? "");
  const images = referred.map(
    (each): Header => ({
      "0040A010": one("CS", "CONTAINS"),
      "0040A040": one("CS", "IMAGE"),
      "00081199": items(reference(each)),
    }),
  );
  const description: Header[] = note
    ? [
        {
          "0040A010": one("CS", "CONTAINS"),
          "0040A040": one("CS", "TEXT"),
          "0040A043": code(["113012", "DCM", "Key Object Description"]),
          "0040A160": one("UT", note),
        },
      ]
    : [];
  return sorted({
    ...headOf(making, { sopClassUid: KEY_OBJECT_SELECTION, modality: "KO" }),
    "0040A040": one("CS", "CONTAINER"),
    "0040A043": code(["113000", "DCM", "Of Interest"]),
    "0040A050": one("CS", "SEPARATE"),
    "0040A375": items(evidence(studyInstanceUid, referred)),
    "0040A504": items({ "00080105": one("CS", "DCMR"), "0040DB00": one("CS", "2010") }),
    "0040A730": items(...description, ...images),
  });
}
