import type { DicomValue, Header } from "../../contract.ts";

/** The DICOM JSON of what the viewer makes. @see DICOM PS3.18 §F.2 */
export const one = (vr: string, value: DicomValue | undefined): Header[string] => ({
  vr,
  ...(value === undefined || value === "" ? {} : { Value: [value] }),
});
export const several = (vr: string, values: readonly DicomValue[]): Header[string] => ({
  vr,
  Value: [...values],
});
export const items = (...Value: Header[]): Header[string] => ({ vr: "SQ", Value });

export type Code = readonly [value: string, scheme: string, meaning: string];
export const codeItem = ([value, scheme, meaning]: Code): Header => ({
  "00080100": one("SH", value),
  "00080102": one("SH", scheme),
  "00080104": one("LO", meaning),
});
export const code = (coded: Code): Header[string] => items(codeItem(coded));

/** An image that is referred to, by what it says of itself. */
export type Referred = {
  seriesInstanceUid: string;
  sopClassUid: string;
  sopInstanceUid: string;
  /** Counts from 1; of one that has a single frame, none is named. */
  frame: number | undefined;
};
export const reference = ({ sopClassUid, sopInstanceUid, frame }: Referred): Header => ({
  "00081150": one("UI", sopClassUid),
  "00081155": one("UI", sopInstanceUid),
  ...(frame === undefined ? {} : { "00081160": one("IS", frame) }),
});

/** Every object that the content refers to, by study and series, each once. @see DICOM PS3.3 §C.17.2.1 */
export function evidence(studyInstanceUid: string, referred: readonly Referred[]): Header {
  const bySeries = new Map<string, Map<string, Referred>>();
  for (const each of referred) {
    const ofSeries = bySeries.get(each.seriesInstanceUid) ?? new Map<string, Referred>();
    bySeries.set(each.seriesInstanceUid, ofSeries.set(each.sopInstanceUid, each));
  }
  const series = [...bySeries].map(([uid, ofSeries]) => ({
    "0020000E": one("UI", uid),
    "00081199": items(...[...ofSeries.values()].map((each) => reference({ ...each, frame: undefined }))),
  }));
  return { "0020000D": one("UI", studyInstanceUid), "00081115": items(...series) };
}

/** A decimal string holds 16 characters. @see DICOM PS3.5 §6.2 */
export function decimal(value: number): number {
  for (let digits = 15; digits > 0; digits -= 1) {
    const rounded = Number(value.toPrecision(digits));
    if (String(rounded).length <= 16) return rounded;
  }
  return 0;
}

const pad = (value: number) => String(value).padStart(2, "0");
export const dateOf = (at: Date): string =>
  `${at.getUTCFullYear()}${pad(at.getUTCMonth() + 1)}${pad(at.getUTCDate())}`;
export const timeOf = (at: Date): string =>
  `${pad(at.getUTCHours())}${pad(at.getUTCMinutes())}${pad(at.getUTCSeconds())}`;

/** A UID of our own making, from a UUID. @see DICOM PS3.5 §B.2 */
export const uidOf = (uuid: string): string => `2.25.${BigInt(`0x${uuid.replaceAll("-", "")}`)}`;

/** Patient and study, as an image of it is served: what is made of it says the same. */
const SAME: Record<string, string> = {
  "00080020": "DA",
  "00080030": "TM",
  "00080050": "SH",
  "00080090": "PN",
  "00100010": "PN",
  "00100020": "LO",
  "00100030": "DA",
  "00100040": "CS",
  "0020000D": "UI",
  "00200010": "SH",
};
const IF_THERE = ["00081030", "00100021", "00101002"];

export type Making = {
  /** The header of an image of the study, as it is served. */
  like: Header;
  at: Date;
  sopInstanceUid: string;
  seriesInstanceUid: string;
  seriesNumber: number;
  description: string;
};

export function headOf(
  { like, at, ...made }: Making,
  { sopClassUid, modality }: { sopClassUid: string; modality: string },
): Header {
  const same = Object.entries(SAME).map(([tag, vr]) => [tag, like[tag] ?? { vr }] as const);
  const also = IF_THERE.flatMap((tag) => (like[tag] ? [[tag, like[tag]] as const] : []));
  return {
    ...Object.fromEntries(same),
    ...Object.fromEntries(also),
    "00080005": one("CS", "ISO_IR 192"),
    "00080016": one("UI", sopClassUid),
    "00080018": one("UI", made.sopInstanceUid),
    "00080023": one("DA", dateOf(at)),
    "00080033": one("TM", timeOf(at)),
    "00080060": one("CS", modality),
    "00080070": one("LO", "Weald"),
    "00080201": one("SH", "+0000"),
    "0008103E": one("LO", made.description),
    "00081111": items(),
    "0020000E": one("UI", made.seriesInstanceUid),
    "00200011": one("IS", made.seriesNumber),
    "00200013": one("IS", 1),
  };
}

/** In order of tags, as they are written. */
export const sorted = (dataset: Header): Header =>
  Object.fromEntries(Object.entries(dataset).sort(([a], [b]) => a.localeCompare(b)));
