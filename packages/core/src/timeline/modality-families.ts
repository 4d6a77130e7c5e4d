/** Modality (0008,0060) by what kind of picture it is. Those that are no pictures of a patient have none. */
const FAMILIES: Readonly<Record<string, string>> = {
  CR: "X-ray",
  DX: "X-ray",
  DR: "X-ray",
  RG: "X-ray",
  PX: "X-ray",
  IO: "X-ray",
  RF: "fluoroscopy",
  XA: "fluoroscopy",
  CT: "CT",
  MR: "MR",
  US: "ultrasound",
  IVUS: "ultrasound",
  EC: "ultrasound",
  MG: "mammography",
  NM: "nuclear medicine",
  PT: "PET",
  BMD: "bone density",
};

/** How well pictures of two kinds compare, 0 to 1. The same kind: 1. Not listed: 0.8. */
const COMPARES: Readonly<Record<string, number>> = {
  "CT|X-ray": 0.9,
  "CT|MR": 0.9,
  "MR|X-ray": 0.85,
  "X-ray|ultrasound": 0.75,
  "CT|PET": 0.95,
  "PET|nuclear medicine": 0.9,
  "CT|nuclear medicine": 0.85,
  "X-ray|nuclear medicine": 0.82,
  "MR|mammography": 0.95,
  "mammography|ultrasound": 0.95,
};

export const familyOf = (modality: string): string | undefined => FAMILIES[modality];

/** Of a study: SR, KO and the like beside the images say nothing of them. A PET-CT is a PET. */
export function familiesOf(modalities: readonly string[]): string[] {
  const known = new Set(modalities.flatMap((modality) => familyOf(modality) ?? []));
  return known.has("PET") ? ["PET"] : [...known].sort();
}

const comparedAs = (a: string, b: string): number =>
  a === b ? 1 : (COMPARES[[a, b].sort().join("|")] ?? 0.8);

/** The best of any two. Nothing known of one of them: as of two kinds that aren't listed. */
export function compareFamilies(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0.8;
  return Math.max(...a.flatMap((one) => b.map((other) => comparedAs(one, other))));
}
