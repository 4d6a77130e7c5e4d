import type { Region } from "./anatomy.ts";

/** What a procedure code says: parts of the body, and the side where the code names one. */
export type Procedure = { regions: readonly Region[]; side?: "L" | "R" | "B" };
export type CodeMap = Readonly<Record<string, Procedure>>;

const of = (...regions: Region[]): Procedure => ({ regions });
const sided = (side: "L" | "R" | "B", ...regions: Region[]): Procedure => ({ regions, side });

const eachSide = (stem: string, ...regions: Region[]): CodeMap => ({
  [`${stem}L`]: sided("L", ...regions),
  [`${stem}R`]: sided("R", ...regions),
  [`${stem}B`]: sided("B", ...regions),
});

/**
 * Short codes in the manner of NICIP, as the demonstration's requests have them. A trust's own table is held against its
 * RIS before any real use: a code that is not here is no error, body part and words are asked instead.
 */
const NICIP: CodeMap = {
  XCHES: of("chest"),
  XABDO: of("abdomen"),
  XPELV: of("pelvis", "hip"),
  XSPCE: of("cervical spine"),
  XSPTH: of("thoracic spine"),
  XSPLU: of("lumbar spine"),
  XOPG: of("face"),
  ...eachSide("XHIP", "hip"),
  ...eachSide("XKNE", "knee"),
  ...eachSide("XANK", "ankle"),
  ...eachSide("XFOO", "foot"),
  ...eachSide("XSHO", "shoulder"),
  ...eachSide("XELB", "elbow"),
  ...eachSide("XWRI", "wrist"),
  ...eachSide("XHAN", "hand"),
  ...eachSide("XMAM", "breast"),
  CCHES: of("chest"),
  CPULM: of("chest"),
  CSKUH: of("head"),
  CSINU: of("face"),
  CABPE: of("abdomen", "pelvis"),
  CCABP: of("chest", "abdomen", "pelvis"),
  CKUB: of("urinary tract"),
  CSPCE: of("cervical spine"),
  MSKUH: of("head"),
  MSPLU: of("lumbar spine"),
  MSPWH: of("cervical spine", "thoracic spine", "lumbar spine"),
  MPELV: of("pelvis"),
  MLIVE: of("liver"),
  ...eachSide("MKNE", "knee"),
  ...eachSide("MBRE", "breast"),
  UABDO: of("abdomen", "liver"),
  URENT: of("urinary tract"),
  UPELV: of("pelvis"),
  UNECK: of("neck"),
  UECHO: of("heart"),
  ...eachSide("UBRE", "breast"),
  NBONE: of("whole body"),
  NPETC: of("whole body"),
  FSWAL: of("neck", "chest"),
};

/** SNOMED CT procedures. @see SNOMED CT, 363679005 |Imaging| */
const SNOMED: CodeMap = {
  "399208008": of("chest"),
  "168731009": of("chest"),
  "169069000": of("chest"),
  "303653007": of("head"),
  "816077007": of("head"),
  "71651007": of("breast"),
  "40701008": of("heart"),
  "45036003": of("abdomen", "liver"),
};

/** Codes of one trust alone. */
const ROYAL_SURREY: CodeMap = {
  "IMG-CXR": of("chest"),
  "IMG-CTTAP": of("chest", "abdomen", "pelvis"),
  "IMG-CTH": of("head"),
  "IMG-MRB": of("head"),
  "IMG-MAM": of("breast"),
};

/** Which codes a trust writes, the first that knows one counts. */
export const CODE_MAPS: Readonly<Record<string, readonly CodeMap[]>> = {
  RXC: [NICIP],
  RYR: [NICIP, SNOMED],
  RA2: [NICIP, ROYAL_SURREY],
  RTK: [NICIP],
  RPC: [NICIP],
};

/**
 * Body Part Examined (0018,0015), and what OBR-15 says: the standard's terms and those that devices write instead.
 *
 * @see DICOM PS3.16 Annex L
 */
export const BODY_PARTS: Readonly<Record<string, readonly Region[]>> = {
  HEAD: ["head"],
  SKULL: ["head"],
  BRAIN: ["head"],
  IAC: ["head"],
  ORBIT: ["face"],
  SINUS: ["face"],
  FACE: ["face"],
  JAW: ["face"],
  MANDIBLE: ["face"],
  NECK: ["neck"],
  THYROID: ["neck"],
  CAROTID: ["neck"],
  HEADNECK: ["head", "neck"],
  CHEST: ["chest"],
  THORAX: ["chest"],
  LUNG: ["chest"],
  RIB: ["chest"],
  RIBS: ["chest"],
  STERNUM: ["chest"],
  ESOPHAGUS: ["neck", "chest"],
  CHESTABDOMEN: ["chest", "abdomen"],
  CHESTABDPELVIS: ["chest", "abdomen", "pelvis"],
  HEART: ["heart"],
  CARDIAC: ["heart"],
  BREAST: ["breast"],
  ABDOMEN: ["abdomen"],
  ABD: ["abdomen"],
  ABDOMENPELVIS: ["abdomen", "pelvis"],
  LIVER: ["liver"],
  PANCREAS: ["liver"],
  GALLBLADDER: ["liver"],
  SPLEEN: ["liver"],
  KIDNEY: ["urinary tract"],
  BLADDER: ["urinary tract"],
  URINARYTRACT: ["urinary tract"],
  PELVIS: ["pelvis"],
  PROSTATE: ["pelvis"],
  UTERUS: ["pelvis"],
  CSPINE: ["cervical spine"],
  TSPINE: ["thoracic spine"],
  LSPINE: ["lumbar spine"],
  LSSPINE: ["lumbar spine"],
  SSPINE: ["lumbar spine"],
  SPINE: ["cervical spine", "thoracic spine", "lumbar spine"],
  WHOLESPINE: ["cervical spine", "thoracic spine", "lumbar spine"],
  SHOULDER: ["shoulder"],
  CLAVICLE: ["shoulder"],
  SCAPULA: ["shoulder"],
  HUMERUS: ["upper arm"],
  ARM: ["upper arm"],
  ELBOW: ["elbow"],
  FOREARM: ["forearm"],
  WRIST: ["wrist"],
  HAND: ["hand"],
  FINGER: ["hand"],
  THUMB: ["hand"],
  HIP: ["hip"],
  FEMUR: ["thigh"],
  THIGH: ["thigh"],
  KNEE: ["knee"],
  PATELLA: ["knee"],
  LEG: ["lower leg"],
  TIBIA: ["lower leg"],
  ANKLE: ["ankle"],
  FOOT: ["foot"],
  TOE: ["foot"],
  CALCANEUS: ["foot"],
  WHOLEBODY: ["whole body"],
};

/** The words of descriptions, for what no code says. The text is in capitals, with anything but letters and digits as one space. */
export const WORDS: readonly (readonly [RegExp, readonly Region[]])[] = [
  [/\b(HEAD|BRAIN|SKULL|CRANI\w*|CEREBR\w*|INTRACRANIAL|IAMS?|PITUITARY|PETROUS|STROKE)\b/, ["head"]],
  [
    /\b(SINUS\w*|FACIAL|FACE|ORBITS?|MANDIB\w*|MAXILL\w*|OPG|ORTHOPANTO\w*|PANORAMIC|TMJS?|DENTAL|NASAL)\b/,
    ["face"],
  ],
  [/\b(NECK|THYROID|LARYN\w*|CAROTIDS?|PAROTID|SALIVARY)\b/, ["neck"]],
  [
    /\b(CHEST|THORA(X|CIC)(?! (SPINE|VERTEB\w*))|LUNGS?|PULMONARY|CXR|CTPA|HRCT|RIBS?|STERNUM|PLEURA\w*|MEDIASTIN\w*)\b/,
    ["chest"],
  ],
  [/\b(TAP|CAP|NCAP|TNAP)\b/, ["chest", "abdomen", "pelvis"]],
  [/\b(OESOPHAG\w*|ESOPHAG\w*|SWALLOW)\b/, ["neck", "chest"]],
  [/\b(HEART|CARDIAC|ECHO(?!GEN)\w*|TTE|TOE|CORONARY|CTCA|MYOCARD\w*)\b(?! (PHALANX|XR))/, ["heart"]],
  [/\b(BREASTS?|MAMMO\w*|AXILLA\w*|TOMOSYNTHESIS)\b/, ["breast"]],
  [/\b(ABDO\w*|ABD|AXR|BOWEL|COLON\w*|ENTERO\w*|ENEMA|PERITON\w*)\b/, ["abdomen"]],
  [/\b(LIVER|HEPAT\w*|BILIARY|GALL ?BLADDER|PANCREA\w*|SPLEEN|MRCP|HPB)\b/, ["liver"]],
  [/\b(KUB|RENAL|KIDNEYS?|URIN\w*|URETER\w*|UROGRA\w*|BLADDER)\b/, ["urinary tract"]],
  [
    /\b(PELVI[SC]|PELVES|PROSTATE|UTER(US|INE)|OVAR\w*|TVS|TRANSVAGINAL|OBSTETRIC|GYNAE\w*|RECTUM|RECTAL|SCROT\w*|TEST(ES|IS))\b/,
    ["pelvis"],
  ],
  [/\b(C ?SPINE|CSP|CERVICAL|CERV)\b(?! (SMEAR|CANCER|CARCINOMA|CA))/, ["cervical spine"]],
  [/\b(T ?SPINE|TSP|THORACIC SPINE|DORSAL SPINE|THORACIC VERTEB\w*)\b/, ["thoracic spine"]],
  [/\b(L ?SPINE|LSP|LS ?SPINE|LUMB\w*|SACR\w*|COCCYX|SI JOINTS?)\b/, ["lumbar spine"]],
  [
    /\b(WHOLE SPINE|SPINE WHOLE|FULL SPINE|SPINAL CORD|MSCC|SCOLIOSIS)\b/,
    ["cervical spine", "thoracic spine", "lumbar spine"],
  ],
  [/\b(SHOULDERS?|CLAVICLE|SCAPULA|ACJ|AC JOINTS?|ROTATOR)\b/, ["shoulder"]],
  [/\b(HUMERUS|UPPER ARM)\b/, ["upper arm"]],
  [/\b(ELBOWS?)\b/, ["elbow"]],
  [/\b(FOREARM|RADIUS|ULNA)\b/, ["forearm"]],
  [/\b(WRISTS?|SCAPHOID|CARPUS)\b/, ["wrist"]],
  [/\b(HANDS?|FINGERS?|THUMBS?)\b/, ["hand"]],
  [/\b(HIPS?|NECK OF FEMUR|NOF)\b/, ["hip"]],
  [/\b(FEMUR|THIGH)\b/, ["thigh"]],
  [/\b(KNEES?|PATELLA\w*)\b/, ["knee"]],
  [/\b(TIBIA|FIBULA|TIB FIB|LOWER LEG|CALF)\b/, ["lower leg"]],
  [/\b(ANKLES?)\b/, ["ankle"]],
  [/\b(FOOT|FEET|TOES?(?! ECHO)|CALCANE\w*|HEEL|FOREFOOT)\b/, ["foot"]],
  [/\b(LEG VEINS?|DVT|LEG DOPPLER|VENOUS DOPPLER LEG)\b/, ["thigh", "lower leg"]],
  [/\b(WHOLE BODY|BONE SCAN|SKELETAL SURVEY|PET|MARROW)\b/, ["whole body"]],
];

/** Where a word is two things, its longer reading takes it away first. */
export const READ_FIRST: readonly (readonly [RegExp, string])[] = [
  [/\bNECK OF FEMUR\b/g, "NOF"],
  [/\bTHORAC(IC|O) ?(AND )?LUMBAR SPINE\b/g, "THORACIC SPINE LUMBAR"],
  [/\bT(HORAX)?[ /]A(BDO\w*)?[ /]P(ELVIS)?\b/g, "TAP"],
  [/\b(C|CHEST)[ /]A(BDO\w*)?[ /]P(ELVIS)?\b/g, "CAP"],
  [/\bTOE ECHO\w*|\bECHO\w* TOE\b/g, "ECHO"],
];
