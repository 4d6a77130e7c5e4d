import { type DemoFile, type DemoStudy, demoStudies, filesOf, type Size } from "../phantoms/index.ts";

/** What comes to the region a second time: copies made before Weald, and a conflict for a person (clinical page §17). */
export type CameTwice = { key: string; custodian: string; files(size: Size): Iterable<DemoFile> };

const studyOf = (key: string): DemoStudy => {
  const found = demoStudies.find((study) => study.key === key);
  if (!found) throw new RangeError(`no demonstration study ${key}`);
  return found;
};

/** The images alone: requests and reports stayed with the trust that made them. */
const imagesOf = (study: DemoStudy, size: Size): DemoFile[] =>
  [...filesOf(study, size)].filter(({ kind }) => kind === "dicom");

const COPIED = { custodian: "RA2", site: "Guildford" };
const LEFT_BEHIND = 12;

export const cameTwice: readonly CameTwice[] = [
  {
    key: "zielinski-cxr, a copy",
    custodian: COPIED.custodian,
    files: (size) => imagesOf({ ...studyOf("zielinski-cxr"), ...COPIED }, size),
  },
  {
    key: "zielinski-ct-1, a copy that lacks its last images",
    custodian: COPIED.custodian,
    files: (size) => imagesOf({ ...studyOf("zielinski-ct-1"), ...COPIED }, size).slice(0, -LEFT_BEHIND),
  },
  {
    key: "hollis-cxr-2024, again with other pixels",
    custodian: "RXC",
    files: (size) =>
      imagesOf({ ...studyOf("hollis-cxr-2024"), special: { look: "effusion" } }, size).slice(0, 1),
  },
];
