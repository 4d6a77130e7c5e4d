import { type DicomJson, type DicomJsonAttribute, type DicomJsonValue, vrOf } from "@weald/dicom";
import { maskUid } from "./mask-uid.ts";
import { SHARED } from "./site-fields.ts";
import { type Telling, tellingOf, tellingWords, tellsSite } from "./telling-words.ts";

/** What masks one study for who may not know where it was made. */
export type SiteMask = {
  /** The region's own. */
  secret: string;
  studyInstanceUid: string;
  /** As they get it. */
  maskedStudyUid: string;
  /** Names and numbers of the members and of this study. */
  words: readonly string[];
  /** The one number of the patient that names no trust. */
  nhsNumber: string | undefined;
};

const SAMPLES = new Set(["US", "SS", "OW", "OB"]);
const TEXT = new Set(["LO", "SH", "CS", "LT", "ST", "UT", "UC"]);
/** Texts of digits and signs; whatever else stands in them is no value. */
const DIGITS: Record<string, RegExp> = {
  DA: /^[0-9]{8}$/,
  TM: /^[0-9.:]{2,16}$/,
  DT: /^[0-9.+-]{4,26}$/,
  AS: /^[0-9]{3}[DWMY]$/,
};

export const maskedUid = (mask: SiteMask, uid: string): string =>
  uid === mask.studyInstanceUid ? mask.maskedStudyUid : maskUid(mask.secret, uid);

type Masking = { mask: SiteMask; telling: Telling };

function maskedValue(vr: string, value: DicomJsonValue, { mask, telling }: Masking): DicomJsonValue {
  if (vr === "UI") return typeof value === "string" ? maskedUid(mask, value) : null;
  if (typeof value !== "string") return value;
  if (TEXT.has(vr)) return tellsSite(value, telling) ? null : value;
  return DIGITS[vr]?.test(value) || vr === "AT" ? value : null;
}

/** A value in another VR than the standard's could be anything. */
const isAsStandard = (tag: string, { vr }: DicomJsonAttribute) =>
  vr === vrOf(tag) || (SAMPLES.has(vr) && SAMPLES.has(vrOf(tag)));

function maskedAttribute(attribute: DicomJsonAttribute, masking: Masking): DicomJsonAttribute | undefined {
  const { vr, Value, InlineBinary, BulkDataURI } = attribute;
  if (InlineBinary !== undefined || BulkDataURI !== undefined) return SAMPLES.has(vr) ? attribute : undefined;
  if (!Value) return { vr };
  if (vr === "SQ")
    return {
      vr,
      Value: Value.flatMap((item) => (item instanceof Object ? [kept(item as DicomJson, masking)] : [])),
    };
  // The patient's own name, the only one that is shared.
  if (vr === "PN") return attribute;
  const values = Value.map((value) => maskedValue(vr, value, masking));
  return values.every((value) => value === null) ? { vr } : { vr, Value: values };
}

function kept(header: DicomJson, masking: Masking): DicomJson {
  return Object.fromEntries(
    Object.entries(header).flatMap(([tag, attribute]) => {
      if (!SHARED.has(tag) || !isAsStandard(tag, attribute)) return [];
      const one = maskedAttribute(attribute, masking);
      return one ? [[tag, one]] : [];
    }),
  );
}

/**
 * A served header by the list of what is shared: everything else is left out, UIDs are mapped, and a text that holds a word of
 * what tells the site is served empty.
 */
export function maskedHeader(header: DicomJson, mask: SiteMask): DicomJson {
  const telling = tellingOf([...mask.words, ...tellingWords(header)]);
  const own = mask.nhsNumber ? { vr: "LO", Value: [mask.nhsNumber] } : { vr: "LO" };
  const whole: DicomJson = {
    ...kept(header, { mask, telling }),
    "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
    "00080050": { vr: "SH" },
    "00080090": { vr: "PN" },
    "00100020": own,
    ...(mask.nhsNumber ? { "00100021": { vr: "LO", Value: ["NHS"] } } : {}),
    "00200010": { vr: "SH" },
  };
  return Object.fromEntries(Object.entries(whole).sort(([a], [b]) => (a < b ? -1 : 1)));
}
