/** Parts of the body as far apart as comparing images needs them. */
export const REGIONS = [
  "head",
  "face",
  "neck",
  "chest",
  "heart",
  "breast",
  "abdomen",
  "liver",
  "urinary tract",
  "pelvis",
  "cervical spine",
  "thoracic spine",
  "lumbar spine",
  "shoulder",
  "upper arm",
  "elbow",
  "forearm",
  "wrist",
  "hand",
  "hip",
  "thigh",
  "knee",
  "lower leg",
  "ankle",
  "foot",
  "whole body",
] as const;
export type Region = (typeof REGIONS)[number];

/** There are two of them in a body: a side that isn't the same must be said. */
export const PAIRED: ReadonlySet<Region> = new Set<Region>([
  "breast",
  "shoulder",
  "upper arm",
  "elbow",
  "forearm",
  "wrist",
  "hand",
  "hip",
  "thigh",
  "knee",
  "lower leg",
  "ankle",
  "foot",
]);

/** How much an image of one part says of another, 0 to 1. Not listed: nothing. */
const NEAR: readonly (readonly [Region, Region, number])[] = [
  ["head", "face", 0.6],
  ["head", "neck", 0.35],
  ["head", "cervical spine", 0.35],
  ["face", "neck", 0.4],
  ["neck", "cervical spine", 0.5],
  ["neck", "chest", 0.3],
  ["chest", "heart", 0.6],
  ["chest", "thoracic spine", 0.4],
  ["chest", "breast", 0.25],
  ["chest", "abdomen", 0.35],
  ["chest", "shoulder", 0.3],
  ["abdomen", "liver", 0.9],
  ["abdomen", "urinary tract", 0.8],
  ["abdomen", "pelvis", 0.6],
  ["abdomen", "lumbar spine", 0.3],
  ["liver", "urinary tract", 0.65],
  ["urinary tract", "pelvis", 0.55],
  ["pelvis", "hip", 0.85],
  ["pelvis", "lumbar spine", 0.35],
  ["cervical spine", "thoracic spine", 0.45],
  ["thoracic spine", "lumbar spine", 0.45],
  ["shoulder", "upper arm", 0.6],
  ["upper arm", "elbow", 0.55],
  ["elbow", "forearm", 0.6],
  ["forearm", "wrist", 0.6],
  ["wrist", "hand", 0.7],
  ["hip", "thigh", 0.7],
  ["thigh", "knee", 0.5],
  ["knee", "lower leg", 0.5],
  ["lower leg", "ankle", 0.6],
  ["ankle", "foot", 0.7],
];
const WHOLE_BODY = 0.62;

const nearness = new Map(
  NEAR.flatMap(([a, b, how]) => [[`${a}|${b}`, how] as const, [`${b}|${a}`, how] as const]),
);

export function nearnessOf(a: Region, b: Region): number {
  if (a === b) return 1;
  if (a === "whole body" || b === "whole body") return WHOLE_BODY;
  return nearness.get(`${a}|${b}`) ?? 0;
}
