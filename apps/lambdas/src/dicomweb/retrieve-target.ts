/** What a path of PS3.18 §10.4 names. */
export type Target = {
  custodian: string | undefined;
  studyInstanceUid: string;
  seriesInstanceUid: string | undefined;
  sopInstanceUid: string | undefined;
  /** Below the instance or above: `metadata`, `rendered`, `thumbnail`, `frames/1,2`, `frames/1/rendered`, `bulkdata/…`. */
  rest: string;
};

const UID = "[0-9.]{1,64}";
const PATH = new RegExp(
  `^(?:/(?<custodian>[A-Za-z0-9]{1,12}))?/studies/(?<study>${UID})(?:/series/(?<series>${UID})(?:/instances/(?<sop>${UID}))?)?(?:/(?<rest>metadata|rendered|thumbnail|frames/[0-9,]+(?:/rendered|/thumbnail)?|bulkdata/[0-9A-Fa-f/]+))?$`,
);
/** Every path that the retrieve transaction answers. */
export const RETRIEVE_PATH = PATH;

export function targetOf(path: string): Target | undefined {
  const found = PATH.exec(path)?.groups;
  if (!found?.study) return undefined;
  return {
    custodian: found.custodian,
    studyInstanceUid: found.study,
    seriesInstanceUid: found.series,
    sopInstanceUid: found.sop,
    rest: found.rest ?? "",
  };
}

export const uidsOf = ({ custodian, studyInstanceUid, seriesInstanceUid, sopInstanceUid }: Target) => ({
  ...(custodian ? { custodian } : {}),
  studyInstanceUid,
  ...(seriesInstanceUid ? { seriesInstanceUid } : {}),
  ...(sopInstanceUid ? { sopInstanceUid } : {}),
});

/** The path of what a retrieved object is, below the address of the door. */
export const pathOf = (
  target: Target,
  instance: { seriesInstanceUid: string; sopInstanceUid: string },
): string =>
  `${target.custodian ? `/${target.custodian}` : ""}/studies/${target.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}`;
