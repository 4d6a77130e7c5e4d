import { keywordOf } from "../dataset/dictionary.ts";

export type QueryLevel = "study" | "series" | "instance";
export const QUERY_LEVELS: readonly QueryLevel[] = ["study", "series", "instance"];
export const depthOf = (level: QueryLevel): number => QUERY_LEVELS.indexOf(level);

/**
 * What is the same for every instance of a study: patient, study and patient study modules. An index of studies keeps these.
 *
 * @see DICOM PS3.3 §C.7.1.1, §C.7.1.3, §C.7.2.1 to §C.7.2.3
 */
export const STUDY_TAGS: readonly string[] = [
  ...["00080020", "00080030", "00080050", "00080051", "00080080", "00080081", "00080090", "00080096"],
  ...["0008009C", "00080201", "00081030", "00081032", "00081040", "00081048", "00081049", "00081060"],
  ...["00081080", "00081084", "00081110", "00081120", "00100010", "00100020", "00100021", "00100022"],
  ...["00100024", "00100026", "00100027", "00100028", "00100030", "00100032", "00100040", "00101000"],
  ...["00101001", "00101002", "00101005", "00101010", "00101020", "00101021", "00101030", "00101040"],
  ...["00101060", "00102000", "00102110", "00102154", "00102160", "00102180", "001021A0", "001021B0"],
  ...["001021C0", "001021F0", "00102201", "00102202", "00102203", "00102292", "00102297", "00104000"],
  ...["0020000D", "00200010", "00321032", "00321060", "00380010", "00380014", "00380060", "00380064"],
  ...["00380500", "00401012", "00120062", "00120063"],
];

/**
 * What is the same for every instance of a series: general series and equipment modules.
 *
 * @see DICOM PS3.3 §C.7.3.1, §C.7.5.1
 */
export const SERIES_TAGS: readonly string[] = [
  ...["00080021", "00080031", "00080060", "00080070", "0008103E", "0008103F", "00081010", "00081050"],
  ...["00081052", "00081070", "00081072", "00081090", "00081111", "00081250", "00180015", "00181000"],
  ...["00181020", "00181030", "00185100", "0020000E", "00200011", "00200052", "00200060", "00400244"],
  ...["00400245", "00400250", "00400251", "00400253", "00400254", "00400260", "00400275", "00400280"],
  ...["00080068", "00280108", "00280109"],
];

/** What the answering side works out itself: it stands in no object. */
export const COMPUTED: Readonly<Record<string, QueryLevel>> = {
  "00080005": "study",
  "00080056": "study",
  "00080061": "study",
  "00081190": "study",
  "00201206": "study",
  "00201208": "study",
  "00201209": "series",
};

const OF_STUDY = new Set(STUDY_TAGS);
const OF_SERIES = new Set(SERIES_TAGS);

/** The level whose attribute this is. What belongs to neither study nor series is an instance's. */
export const levelOf = (tag: string): QueryLevel =>
  COMPUTED[tag] ?? (OF_STUDY.has(tag) ? "study" : OF_SERIES.has(tag) ? "series" : "instance");

/** Returned whether asked for or not. @see DICOM PS3.18 Tables 10.6.3-3, 10.6.3-4, 10.6.3-5 */
export const RETURNED: Readonly<Record<QueryLevel, readonly string[]>> = {
  study: [
    ...["00080005", "00080020", "00080030", "00080050", "00080056", "00080061", "00080090", "00080201"],
    ...["00081030", "00081190", "00100010", "00100020", "00100021", "00100030", "00100040", "00101002"],
    ...["0020000D", "00200010", "00201206", "00201208"],
  ],
  series: [
    ...["00080060", "0008103E", "00080201", "00081190", "0020000D", "0020000E", "00200011", "00201209"],
    ...["00400244", "00400245", "00400275", "00080005"],
  ],
  instance: [
    ...["00080005", "00080016", "00080018", "00080056", "00080201", "00081190", "0020000D", "0020000E"],
    ...["00200013", "00280008", "00280010", "00280011", "00280100"],
  ],
};

/** Keys that every answering side must match. @see DICOM PS3.18 Table 10.6.1-5 */
export const REQUIRED_KEYS: Readonly<Record<QueryLevel, readonly string[]>> = {
  study: [
    ...["00080020", "00080030", "00080050", "00080061", "00080090", "00100010", "00100020", "0020000D"],
    "00200010",
  ],
  series: [
    "00080060",
    "0020000E",
    "00200011",
    "00400244",
    "00400245",
    "00400275.00400009",
    "00400275.00401001",
  ],
  instance: ["00080016", "00080018", "00200013"],
};

/** The keyword of a tag or of a dotted path of tags, for a person. */
export const keywordsOf = (path: readonly string[]): string =>
  path.map((tag) => keywordOf(tag) ?? tag).join(".");
