import type { DicomJson } from "@weald/dicom";

/** Private attributes and what only an archive needs stay at home; long values are not in headers at all. */
const LEFT_OUT = new Set(["00880200", "04000561", "FFFAFFFA"]);
const isPrivate = (tag: string) => Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;

/** What a viewer gets of a header: standard attributes, without icon, history and signatures. */
export function viewerHeader(header: DicomJson): DicomJson {
  return Object.fromEntries(Object.entries(header).filter(([tag]) => !isPrivate(tag) && !LEFT_OUT.has(tag)));
}
