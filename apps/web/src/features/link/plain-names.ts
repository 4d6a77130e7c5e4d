/** What was made, in the words of whom it was made of (clinical page §18): never a code, never what somebody typed for colleagues. */
const MODALITIES: Record<string, string> = {
  ...{ CR: "X-ray", DX: "X-ray", RG: "X-ray", PX: "dental X-ray", IO: "dental X-ray", MG: "breast X-ray" },
  ...{ CT: "CT scan", MR: "MRI scan", US: "ultrasound scan", BMD: "bone density scan", OP: "eye pictures" },
  ...{ NM: "nuclear medicine scan", PT: "PET scan", XA: "X-ray film of blood vessels", RF: "moving X-ray" },
  ...{ ES: "pictures from inside", XC: "photographs", OPT: "eye scan", IVUS: "ultrasound scan" },
};

const PARTS: Record<string, string> = {
  ...{ CHEST: "chest", THORAX: "chest", LUNG: "lung", HEART: "heart", RIB: "rib", STERNUM: "breastbone" },
  ...{ ABDOMEN: "tummy (abdomen)", PELVIS: "pelvis", ABDOMENPELVIS: "tummy and pelvis", LIVER: "liver" },
  ...{ CHESTABDPELVIS: "chest, tummy and pelvis", CHESTABDOMEN: "chest and tummy", KIDNEY: "kidney" },
  ...{ HEAD: "head", BRAIN: "brain", SKULL: "skull", NECK: "neck", FACE: "face", JAW: "jaw", EYE: "eye" },
  ...{ SPINE: "spine", CSPINE: "neck (spine)", TSPINE: "upper back (spine)", LSPINE: "lower back (spine)" },
  ...{ SHOULDER: "shoulder", ARM: "arm", ELBOW: "elbow", FOREARM: "forearm", WRIST: "wrist", HAND: "hand" },
  ...{ HIP: "hip", LEG: "leg", THIGH: "thigh", FEMUR: "thigh", KNEE: "knee", ANKLE: "ankle", FOOT: "foot" },
  ...{ FINGER: "finger", THUMB: "thumb", TOE: "toe", HUMERUS: "upper arm", CLAVICLE: "collar bone" },
  ...{ TIBIA: "lower leg", TIBIAFIBULA: "lower leg", HEEL: "heel", PROSTATE: "prostate", THYROID: "thyroid" },
};
/** A breast X-ray is of the breast already. */
const SAYS_WHERE = new Set(["MG", "PX", "IO", "OP", "OPT", "BMD"]);

const SIDES: Record<string, string> = { L: "left", R: "right", B: "both sides" };
/** What goes with images and is none. */
const NO_IMAGES = new Set(["PR", "SR", "KO", "SEG", "REG", "RTSTRUCT", "DOC"]);

const asSentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
const listed = (all: readonly string[]) =>
  all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;

const keyOf = (part: string) => part.toUpperCase().replace(/[^A-Z]/g, "");

type Made = {
  modalities: readonly string[];
  bodyParts: readonly (string | undefined)[];
  laterality?: string | undefined;
};

/** "Chest X-ray", "Left knee MRI scan", "PET scan and CT scan". */
export function plainName({ modalities, bodyParts, laterality }: Made): string {
  const kinds = modalities.filter((one) => !NO_IMAGES.has(one));
  const kind = listed([...new Set(kinds.map((one) => MODALITIES[one] ?? "images"))]) || "images";
  const known = [...new Set(bodyParts.flatMap((part) => (part ? (PARTS[keyOf(part)] ?? []) : [])))];
  const where = kinds.every((one) => SAYS_WHERE.has(one)) ? "" : listed(known);
  const side = where && laterality ? (SIDES[laterality] ?? "") : "";
  return asSentence([side, where, kind].filter(Boolean).join(" "));
}

const DAY = new Intl.DateTimeFormat("en-GB", {
  ...{ day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" },
});
// `hour12: true` is "0:26 pm" to Node and "12:26 pm" to a browser: the page would change under the reader's eyes.
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  ...{ day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit", hourCycle: "h12" },
  timeZone: "Europe/London",
});
export const plainDay = (value: string | undefined): string =>
  value ? DAY.format(new Date(value)) : "date not known";
/** "3 March 2026 at 2:05 pm" */
export const plainMoment = (value: string): string => MOMENT.format(new Date(value));

export const picturesOf = (count: number): string => (count === 1 ? "1 picture" : `${count} pictures`);
