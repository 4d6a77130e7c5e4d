/**
 * What is screening is known by procedure code or by sender, never by words in a description (clinical page §11). A study
 * that matches one line of these lists is read blind.
 */
export const SCREENING_CODES: readonly { code: string; means: string }[] = [
  { code: "24623002", means: "SNOMED CT: screening mammography" },
  { code: "268547008", means: "SNOMED CT: screening for malignant neoplasm of breast" },
  { code: "XMAMS", means: "the region's own: breast screening, both breasts" },
];

export const SCREENING_SENDERS: readonly { custodian: string; site?: string; station?: string }[] = [
  { custodian: "RA2", site: "Guildford Breast Screening Unit" },
];

/** What a study says of how it came about. */
export type Origin = {
  custodian: string;
  codes: readonly string[];
  sites: readonly string[];
  stations: readonly string[];
};

export function isScreening({ custodian, codes, sites, stations }: Origin): boolean {
  if (SCREENING_CODES.some(({ code }) => codes.includes(code))) return true;
  return SCREENING_SENDERS.some(
    (sender) =>
      sender.custodian === custodian &&
      (sender.site === undefined || sites.includes(sender.site)) &&
      (sender.station === undefined || stations.includes(sender.station)),
  );
}
