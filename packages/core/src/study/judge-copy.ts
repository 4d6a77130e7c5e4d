import type { DicomJson } from "@weald/dicom";

/** What is compared of two objects under one SOP Instance UID. */
export type CopyFacts = {
  sha256Received: string;
  pixelSha256: string | undefined;
  transferSyntaxUid: string;
  seriesInstanceUid: string;
  studyInstanceUid: string;
  header: DicomJson;
};

export type CopyJudgement =
  | { kind: "duplicate" }
  | { kind: "alternate"; differs: string[] }
  | { kind: "conflict"; differs: string[] };

/** Patient ID, name, birth date, sex. */
export const IDENTITY = ["00100020", "00100010", "00100030", "00100040"];
/** Laterality, Image Laterality, Patient Orientation, View Position. */
export const SIDE = ["00200060", "00200062", "00200020", "00185101"];

const sameAttribute = (a: DicomJson, b: DicomJson, tag: string) =>
  JSON.stringify(a[tag]?.Value ?? []) === JSON.stringify(b[tag]?.Value ?? []);

const differing = (a: DicomJson, b: DicomJson): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((tag) => JSON.stringify(a[tag]) !== JSON.stringify(b[tag]))
    .sort();

/**
 * Other bytes under one UID: only other header fields differ: an alternate. Identity, side, study, series or pixels differ:
 * a conflict. Pixels in another transfer syntax can't be compared without decoding them, so they count as different.
 */
export function judgeCopy(known: CopyFacts, came: CopyFacts): CopyJudgement {
  if (known.sha256Received === came.sha256Received) return { kind: "duplicate" };
  const grave = [
    ...[...IDENTITY, ...SIDE].filter((tag) => !sameAttribute(known.header, came.header, tag)),
    ...(known.studyInstanceUid === came.studyInstanceUid ? [] : ["0020000D"]),
    ...(known.seriesInstanceUid === came.seriesInstanceUid ? [] : ["0020000E"]),
    ...(known.pixelSha256 === came.pixelSha256 && known.transferSyntaxUid === came.transferSyntaxUid
      ? []
      : ["7FE00010"]),
  ];
  if (grave.length > 0) return { kind: "conflict", differs: grave };
  return { kind: "alternate", differs: differing(known.header, came.header) };
}
