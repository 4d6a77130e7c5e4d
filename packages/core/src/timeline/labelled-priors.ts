/**
 * What a reader would want beside what, set down by hand: for each exam that is read, the patient's other studies with the
 * words of whichever trust made them, and whether each helps ("+") or doesn't ("-"). A measure for `rankPriors`; nothing in
 * production reads it.
 */
type Trust = "RXC" | "RYR" | "RA2" | "RTK" | "RPC";
/** [description, Body Part Examined, procedure code] */
type Said = readonly [string, string, string];
type Exam = { modalities: readonly string[] } & Record<Trust, Said>;

export const TRUSTS: readonly Trust[] = ["RXC", "RYR", "RA2", "RTK", "RPC"];

/** One exam in the words of five trusts. Empty: the trust doesn't say. */
export const EXAMS: Readonly<Record<string, Exam>> = {
  "xr-chest": {
    modalities: ["DX"],
    RXC: ["XR Chest", "CHEST", "XCHES"],
    RYR: ["Plain chest X-ray", "", "399208008"],
    RA2: ["CXR PA", "CHEST", "IMG-CXR"],
    RTK: ["Chest AP Mobile", "THORAX", ""],
    RPC: ["Thorax (departmental)", "", "D014"],
  },
  "ct-chest": {
    modalities: ["CT"],
    RXC: ["CT Chest", "CHEST", "CCHES"],
    RYR: ["Computed tomography of chest", "", "169069000"],
    RA2: ["CT Thorax C+", "CHEST", ""],
    RTK: ["HRCT LUNGS", "", ""],
    RPC: ["Lung CT low dose", "LUNG", "D201"],
  },
  "ct-pa": {
    modalities: ["CT"],
    RXC: ["CT Pulmonary angiogram", "CHEST", "CPULM"],
    RYR: ["CTPA", "CHEST", ""],
    RA2: ["CT Pulm Angio (CTPA)", "", ""],
    RTK: ["CT ANGIO PULMONARY ARTERIES", "CHEST", ""],
    RPC: ["CTPA ?PE", "", "D207"],
  },
  "ct-tap": {
    modalities: ["CT", "SR"],
    RXC: ["CT Chest abdomen and pelvis", "CHEST", "CCABP"],
    RYR: ["CT thorax, abdomen and pelvis with contrast", "CHESTABDPELVIS", ""],
    RA2: ["CT TAP C+", "ABDOMEN", "IMG-CTTAP"],
    RTK: ["CT T/A/P STAGING", "", ""],
    RPC: ["CT CAP portal venous", "", "D230"],
  },
  "ct-abdo": {
    modalities: ["CT"],
    RXC: ["CT Abdomen and pelvis", "ABDOMEN", "CABPE"],
    RYR: ["CT abdomen/pelvis", "ABDOMEN", ""],
    RA2: ["CT Abdo Pelvis C+", "ABDOMENPELVIS", ""],
    RTK: ["CT ABDOMEN + PELVIS", "ABDOMEN", ""],
    RPC: ["Abdo/pelvis CT portal", "", "D220"],
  },
  "ct-kub": {
    modalities: ["CT"],
    RXC: ["CT KUB", "ABDOMEN", "CKUB"],
    RYR: ["CT of kidneys, ureters and bladder", "", ""],
    RA2: ["CT Urinary tract (low dose)", "KIDNEY", ""],
    RTK: ["CT KUB STONES", "", ""],
    RPC: ["Renal colic CT", "", "D225"],
  },
  "ct-head": {
    modalities: ["CT"],
    RXC: ["CT Head", "HEAD", "CSKUH"],
    RYR: ["Computed tomography of head", "HEAD", "303653007"],
    RA2: ["CT Brain plain", "", "IMG-CTH"],
    RTK: ["CT CRANIUM", "SKULL", ""],
    RPC: ["Head CT trauma", "", "D100"],
  },
  "mr-brain": {
    modalities: ["MR"],
    RXC: ["MR Brain", "BRAIN", "MSKUH"],
    RYR: ["MRI of brain with contrast", "HEAD", "816077007"],
    RA2: ["MRI Head", "", "IMG-MRB"],
    RTK: ["MR INTRACRANIAL + IAMS", "", ""],
    RPC: ["Brain MRI MS protocol", "BRAIN", "D310"],
  },
  "ct-sinus": {
    modalities: ["CT"],
    RXC: ["CT Sinuses", "HEAD", "CSINU"],
    RYR: ["CT of paranasal sinuses", "SINUS", ""],
    RA2: ["CT Sinus", "", ""],
    RTK: ["CT FACIAL BONES", "FACE", ""],
    RPC: ["Facial CT", "", "D110"],
  },
  "us-neck": {
    modalities: ["US"],
    RXC: ["US Neck", "NECK", "UNECK"],
    RYR: ["Ultrasound of thyroid", "THYROID", ""],
    RA2: ["US Thyroid/neck", "", ""],
    RTK: ["US NECK LUMP", "NECK", ""],
    RPC: ["Neck ultrasound", "", "D410"],
  },
  "ct-neck": {
    modalities: ["CT"],
    RXC: ["CT Neck", "NECK", ""],
    RYR: ["CT of neck with contrast", "NECK", ""],
    RA2: ["CT Neck soft tissue C+", "", ""],
    RTK: ["CT LARYNX", "", ""],
    RPC: ["Neck CT", "NECK", "D120"],
  },
  "us-abdo": {
    modalities: ["US"],
    RXC: ["US Abdomen", "ABDOMEN", "UABDO"],
    RYR: ["Ultrasonography of abdomen", "", "45036003"],
    RA2: ["US Upper abdo", "", ""],
    RTK: ["US LIVER AND BILIARY", "LIVER", ""],
    RPC: ["Hepatobiliary ultrasound", "", "D420"],
  },
  "us-renal": {
    modalities: ["US"],
    RXC: ["US Renal tract", "KIDNEY", "URENT"],
    RYR: ["Ultrasound of kidneys", "", ""],
    RA2: ["US Urinary tract", "KIDNEY", ""],
    RTK: ["US KUB", "", ""],
    RPC: ["Kidney ultrasound", "", "D421"],
  },
  "mr-liver": {
    modalities: ["MR"],
    RXC: ["MR Liver", "LIVER", "MLIVE"],
    RYR: ["MRI of liver with contrast", "LIVER", ""],
    RA2: ["MRCP", "", ""],
    RTK: ["MR PANCREAS + MRCP", "ABDOMEN", ""],
    RPC: ["Liver MRI primovist", "", "D340"],
  },
  "mr-pelvis": {
    modalities: ["MR"],
    RXC: ["MR Pelvis", "PELVIS", "MPELV"],
    RYR: ["MRI of prostate", "PROSTATE", ""],
    RA2: ["MRI Prostate mp", "", ""],
    RTK: ["MR RECTUM STAGING", "PELVIS", ""],
    RPC: ["Female pelvis MRI", "", "D345"],
  },
  "us-pelvis": {
    modalities: ["US"],
    RXC: ["US Pelvis", "PELVIS", "UPELV"],
    RYR: ["Ultrasound of pelvis, transvaginal", "", ""],
    RA2: ["US Gynae TVS", "PELVIS", ""],
    RTK: ["US OVARIES + UTERUS", "", ""],
    RPC: ["Pelvic ultrasound", "PELVIS", "D430"],
  },
  echo: {
    modalities: ["US"],
    RXC: ["US Heart", "HEART", "UECHO"],
    RYR: ["Transthoracic echocardiogram", "", "40701008"],
    RA2: ["Echo", "", ""],
    RTK: ["TTE ECHO", "HEART", ""],
    RPC: ["Cardiac ultrasound", "", "D450"],
  },
  mammo: {
    modalities: ["MG"],
    RXC: ["XR Mammogram Both", "BREAST", "XMAMB"],
    RYR: ["Mammography", "BREAST", "71651007"],
    RA2: ["Mammo bilateral 2 view", "", "IMG-MAM"],
    RTK: ["MAMMOGRAM SYMPTOMATIC", "BREAST", ""],
    RPC: ["Mammographic views", "", "D500"],
  },
  "us-breast": {
    modalities: ["US"],
    RXC: ["US Breast", "BREAST", "UBREB"],
    RYR: ["Ultrasound of breast", "BREAST", ""],
    RA2: ["US Breast and axilla", "", ""],
    RTK: ["US BREASTS", "", ""],
    RPC: ["Breast ultrasound", "", "D505"],
  },
  "mr-breast": {
    modalities: ["MR"],
    RXC: ["MR Breast", "BREAST", "MBREB"],
    RYR: ["MRI of breasts", "", ""],
    RA2: ["MRI Breast bilateral", "BREAST", ""],
    RTK: ["MR MAMMOGRAPHY", "", ""],
    RPC: ["Breast MRI", "", "D506"],
  },
  "xr-pelvis": {
    modalities: ["DX"],
    RXC: ["XR Pelvis", "PELVIS", "XPELV"],
    RYR: ["Plain X-ray of pelvis", "PELVIS", ""],
    RA2: ["Pelvis AP", "PELVIS", ""],
    RTK: ["PELVIS AND BOTH HIPS", "", ""],
    RPC: ["Pelvis", "", "D030"],
  },
  "xr-hip": {
    modalities: ["DX"],
    RXC: ["XR Hip", "HIP", ""],
    RYR: ["Plain X-ray of hip", "HIP", ""],
    RA2: ["Hip AP + Lat", "", ""],
    RTK: ["NECK OF FEMUR", "HIP", ""],
    RPC: ["Hip", "HIP", "D031"],
  },
  "xr-knee": {
    modalities: ["DX"],
    RXC: ["XR Knee", "KNEE", ""],
    RYR: ["Plain X-ray of knee", "", ""],
    RA2: ["Knee weight bearing", "KNEE", ""],
    RTK: ["KNEE + PATELLA", "", ""],
    RPC: ["Knee", "", "D040"],
  },
  "mr-knee": {
    modalities: ["MR"],
    RXC: ["MR Knee", "KNEE", ""],
    RYR: ["MRI of knee", "KNEE", ""],
    RA2: ["MRI Knee", "", ""],
    RTK: ["MR KNEE INTERNAL DERANGEMENT", "", ""],
    RPC: ["Knee MRI", "KNEE", "D360"],
  },
  "xr-ankle": {
    modalities: ["DX"],
    RXC: ["XR Ankle", "ANKLE", ""],
    RYR: ["Plain X-ray of ankle", "", ""],
    RA2: ["Ankle AP/Lat", "ANKLE", ""],
    RTK: ["ANKLE", "", ""],
    RPC: ["Ankle trauma", "ANKLE", "D050"],
  },
  "xr-foot": {
    modalities: ["DX"],
    RXC: ["XR Foot", "FOOT", ""],
    RYR: ["Plain X-ray of foot", "", ""],
    RA2: ["Foot DP/Obl", "FOOT", ""],
    RTK: ["FOOT + TOES", "", ""],
    RPC: ["Foot", "FOOT", "D051"],
  },
  "xr-hand": {
    modalities: ["DX"],
    RXC: ["XR Hand", "HAND", ""],
    RYR: ["Plain X-ray of hand", "", ""],
    RA2: ["Hand DP/Obl", "", ""],
    RTK: ["HAND + FINGERS", "HAND", ""],
    RPC: ["Hand", "", "D060"],
  },
  "xr-wrist": {
    modalities: ["DX"],
    RXC: ["XR Wrist", "WRIST", ""],
    RYR: ["Plain X-ray of wrist", "", ""],
    RA2: ["Scaphoid views", "", ""],
    RTK: ["WRIST + SCAPHOID", "WRIST", ""],
    RPC: ["Wrist", "WRIST", "D061"],
  },
  "xr-shoulder": {
    modalities: ["DX"],
    RXC: ["XR Shoulder", "SHOULDER", ""],
    RYR: ["Plain X-ray of shoulder", "", ""],
    RA2: ["Shoulder AP/axial", "SHOULDER", ""],
    RTK: ["SHOULDER TRAUMA", "", ""],
    RPC: ["Clavicle and shoulder", "", "D070"],
  },
  "xr-cspine": {
    modalities: ["DX"],
    RXC: ["XR Cervical spine", "CSPINE", "XSPCE"],
    RYR: ["Plain X-ray of cervical spine", "", ""],
    RA2: ["C-spine AP Lat Peg", "", ""],
    RTK: ["CERVICAL SPINE", "CSPINE", ""],
    RPC: ["C Spine", "", "D080"],
  },
  "xr-lspine": {
    modalities: ["DX"],
    RXC: ["XR Lumbar spine", "LSPINE", "XSPLU"],
    RYR: ["Plain X-ray of lumbar spine", "", ""],
    RA2: ["L-spine AP Lat", "LSPINE", ""],
    RTK: ["LUMBOSACRAL SPINE", "", ""],
    RPC: ["Lumbar", "LSPINE", "D082"],
  },
  "mr-lspine": {
    modalities: ["MR"],
    RXC: ["MR Lumbar spine", "LSPINE", "MSPLU"],
    RYR: ["MRI of lumbar spine", "", ""],
    RA2: ["MRI L/S Spine", "LSPINE", ""],
    RTK: ["MR LUMBAR + SACRUM", "SPINE", ""],
    RPC: ["Lumbar MRI", "", "D330"],
  },
  "mr-spine": {
    modalities: ["MR"],
    RXC: ["MR Spine whole", "SPINE", "MSPWH"],
    RYR: ["MRI of whole spine", "SPINE", ""],
    RA2: ["MRI Whole Spine ?MSCC", "", ""],
    RTK: ["MR SPINAL CORD SURVEY", "", ""],
    RPC: ["Full spine MRI", "WHOLESPINE", "D335"],
  },
  "bone-scan": {
    modalities: ["NM"],
    RXC: ["NM Bone scan", "WHOLEBODY", "NBONE"],
    RYR: ["Radionuclide bone scan", "", ""],
    RA2: ["Bone scan whole body", "", ""],
    RTK: ["NM BONE WHOLE BODY", "WHOLEBODY", ""],
    RPC: ["Bone scan", "", "D600"],
  },
  "pet-ct": {
    modalities: ["PT", "CT"],
    RXC: ["NM PET CT whole body", "WHOLEBODY", "NPETC"],
    RYR: ["PET CT FDG", "", ""],
    RA2: ["FDG PET/CT half body", "WHOLEBODY", ""],
    RTK: ["PET-CT", "", ""],
    RPC: ["PET CT staging", "", "D610"],
  },
};

/**
 * `exam side` being read in a trust | candidates as `exam side trust years label`. Side `.`: none stated. A candidate after a
 * line's first is one case.
 */
export const CASES = `
RXC xr-chest . | xr-chest . RYR 2 +, ct-chest . RA2 1 +, ct-tap . RTK 3 +, xr-knee L RXC 1 -, us-abdo . RPC 1 -, mr-lspine . RYR 1 -, xr-hand R RA2 4 -
RXC ct-chest . | xr-chest . RPC 1 +, ct-pa . RYR 4 +, pet-ct . RTK 1 +, ct-head . RA2 1 -, mammo . RTK 1 -, echo . RYR 1 -, xr-foot L RXC 2 -
RXC ct-head . | mr-brain . RTK 1 +, ct-head . RPC 6 +, xr-chest . RXC 1 -, ct-abdo . RYR 1 -, xr-lspine . RA2 1 -, us-neck . RYR 1 -
RXC mammo . | mammo . RYR 3 +, us-breast . RA2 2 +, mr-breast . RTK 1 +, xr-chest . RXC 1 -, ct-head . RPC 1 -, us-abdo . RYR 1 -
RXC xr-knee L | mr-knee L RYR 1 +, xr-knee R RA2 2 +, xr-knee L RPC 5 +, xr-hand L RXC 1 -, xr-chest . RTK 1 -, us-renal . RPC 1 -
RXC ct-abdo . | us-abdo . RTK 1 +, ct-tap . RA2 2 +, ct-kub . RPC 5 +, mr-liver . RYR 1 +, xr-knee R RXC 1 -, mr-brain . RA2 1 -, xr-shoulder L RTK 1 -
RXC mr-spine . | mr-lspine . RTK 2 +, xr-cspine . RPC 1 +, xr-lspine . RYR 4 +, xr-chest . RXC 1 -, us-pelvis . RA2 1 -, ct-head . RTK 1 -
RYR xr-chest . | xr-chest . RXC 7 +, ct-pa . RTK 1 +, ct-chest . RPC 2 +, xr-pelvis . RA2 1 -, us-renal . RXC 1 -, mr-knee R RPC 1 -, us-breast . RTK 1 -
RYR mr-brain . | mr-brain . RPC 2 +, ct-head . RTK 1 +, xr-hip L RYR 1 -, ct-tap . RXC 1 -, us-abdo . RA2 1 -, mr-lspine . RTK 1 -
RYR ct-kub . | us-renal . RA2 1 +, ct-abdo . RTK 3 +, ct-tap . RPC 4 +, xr-chest . RXC 1 -, mr-brain . RYR 1 -, xr-wrist L RPC 1 -
RYR xr-hip R | xr-pelvis . RXC 1 +, xr-hip L RTK 3 +, xr-hip R RPC 2 +, ct-head . RA2 1 -, xr-chest . RYR 1 -, mammo . RXC 1 -
RYR us-abdo . | mr-liver . RXC 1 +, ct-abdo . RPC 1 +, us-abdo . RA2 4 +, us-renal . RYR 2 +, xr-ankle L RTK 1 -, echo . RXC 1 -, xr-cspine . RA2 1 -
RYR us-breast . | mammo . RTK 1 +, mr-breast . RPC 1 +, us-breast . RXC 2 +, ct-chest . RYR 1 -, us-neck . RTK 1 -, xr-lspine . RXC 1 -
RYR mr-lspine . | xr-lspine . RTK 2 +, mr-spine . RA2 1 +, mr-lspine . RPC 3 +, xr-chest . RXC 1 -, xr-knee L RYR 1 -, us-pelvis . RTK 1 -
RA2 xr-chest . | ct-tap . RXC 1 +, xr-chest . RTK 5 +, pet-ct . RPC 1 +, ct-kub . RYR 1 -, xr-foot R RXC 1 -, mr-pelvis . RTK 1 -
RA2 ct-tap . | ct-tap . RYR 1 +, ct-chest . RTK 2 +, ct-abdo . RXC 3 +, pet-ct . RPC 1 +, mr-knee L RA2 1 -, xr-hand L RTK 1 -, mr-brain . RXC 1 -
RA2 ct-sinus . | ct-sinus . RTK 2 +, ct-sinus . RPC 4 +, ct-head . RXC 1 +, xr-chest . RYR 1 -, us-abdo . RTK 1 -, xr-knee R RPC 1 -
RA2 mr-knee R | xr-knee R RTK 1 +, mr-knee L RPC 2 +, xr-knee R RXC 6 +, xr-foot R RYR 1 -, ct-chest . RA2 1 -, xr-wrist R RTK 1 -
RA2 mr-pelvis . | mr-pelvis . RPC 1 +, ct-abdo . RXC 2 +, us-pelvis . RYR 1 +, xr-pelvis . RTK 3 +, ct-head . RYR 1 -, xr-chest . RPC 1 -, us-neck . RXC 1 -
RA2 echo . | echo . RXC 1 +, echo . RPC 3 +, echo . RTK 5 +, us-pelvis . RYR 1 -, xr-hip L RTK 1 -, ct-head . RPC 1 -
RA2 xr-ankle L | xr-ankle R RYR 1 +, xr-foot L RTK 2 +, xr-ankle L RPC 4 +, xr-shoulder L RXC 1 -, xr-chest . RA2 1 -, us-abdo . RXC 1 -
RTK xr-chest . | xr-chest . RPC 1 +, xr-chest . RA2 8 +, ct-chest . RXC 3 +, xr-lspine . RYR 1 -, us-neck . RPC 1 -, mr-breast . RXC 1 -
RTK us-neck . | ct-neck . RXC 1 +, us-neck . RYR 2 +, ct-neck . RPC 4 +, us-renal . RA2 1 -, xr-knee L RTK 1 -, mr-lspine . RYR 1 -
RTK ct-pa . | ct-chest . RYR 2 +, xr-chest . RXC 1 +, ct-tap . RPC 1 +, us-pelvis . RXC 1 -, xr-hand R RYR 1 -, mr-brain . RA2 1 -
RTK mr-liver . | us-abdo . RXC 1 +, ct-abdo . RYR 1 +, mr-liver . RA2 2 +, ct-tap . RPC 3 +, xr-chest . RTK 1 -, mr-knee R RXC 1 -, ct-sinus . RPC 1 -
RTK mammo . | mammo . RA2 3 +, mammo . RPC 6 +, us-breast . RXC 1 +, xr-chest . RYR 1 -, us-abdo . RTK 1 -, xr-hip R RPC 1 -
RTK xr-shoulder R | xr-shoulder R RYR 1 +, xr-shoulder L RPC 2 +, xr-shoulder R RXC 4 +, xr-chest . RA2 1 -, xr-knee R RTK 1 -, ct-head . RYR 1 -
RTK ct-head . | mr-brain . RYR 1 +, ct-head . RA2 1 +, mr-brain . RXC 4 +, xr-cspine . RPC 1 -, ct-chest . RTK 1 -, us-renal . RYR 1 -
RPC xr-chest . | xr-chest . RYR 1 +, ct-chest . RTK 1 +, ct-pa . RXC 3 +, us-breast . RA2 1 -, xr-ankle R RXC 1 -, ct-sinus . RTK 1 -
RPC xr-hand L | xr-hand R RXC 1 +, xr-wrist L RTK 2 +, xr-hand L RA2 5 +, xr-foot L RPC 1 -, xr-chest . RYR 1 -, mr-brain . RTK 1 -
RPC ct-neck . | us-neck . RXC 1 +, ct-neck . RTK 2 +, ct-neck . RYR 5 +, mr-pelvis . RXC 1 -, xr-hip L RTK 1 -, us-abdo . RYR 1 -
RPC bone-scan . | bone-scan . RXC 2 +, ct-tap . RTK 1 +, pet-ct . RYR 1 +, mr-spine . RA2 1 +
RPC ct-tap . | ct-tap . RTK 1 +, ct-chest . RXC 2 +, pet-ct . RYR 1 +, mr-liver . RA2 1 +, xr-wrist R RPC 1 -, xr-cspine . RXC 1 -, us-neck . RTK 1 -
RPC xr-wrist R | xr-wrist R RTK 1 +, xr-hand R RYR 2 +, xr-wrist L RXC 3 +, xr-knee R RA2 1 -, us-renal . RPC 1 -, ct-abdo . RTK 1 -
RPC us-renal . | ct-kub . RTK 1 +, us-renal . RXC 2 +, us-abdo . RYR 1 +, ct-abdo . RA2 3 +, xr-chest . RTK 1 -, mr-knee L RYR 1 -, mammo . RPC 1 -
`;
