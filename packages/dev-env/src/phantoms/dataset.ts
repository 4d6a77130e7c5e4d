import { type DicomJson, type DicomJsonValue, tagOf, vrOf } from "@weald/dicom";

/** `null`: the attribute is there without a value (type 2). `undefined`: it is not there. */
export type Said = DicomJsonValue | readonly DicomJsonValue[] | null | undefined;

/** A data set by keywords of PS3.6; `SmallestImagePixelValue` and its like get the VR that signed pixels want. */
export function dataset(attributes: Record<string, Said>): DicomJson {
  const entries = Object.entries(attributes).flatMap(([keyword, said]) => {
    if (said === undefined) return [];
    const tag = tagOf(keyword);
    const values = said === null ? [] : Array.isArray(said) ? [...said] : [said as DicomJsonValue];
    return [[tag, { vr: vrOf(tag), ...(values.length > 0 ? { Value: values } : {}) }] as const];
  });
  return Object.fromEntries(entries);
}

export const code = (value: string, scheme: string, meaning: string): DicomJson =>
  dataset({ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning });

/** `Okafor^Amara` */
export const name = (alphabetic: string, ideographic?: string) => ({
  Alphabetic: alphabetic,
  ...(ideographic ? { Ideographic: ideographic } : {}),
});
