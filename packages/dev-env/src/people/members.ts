/** The region's trusts (docs/region.md): names are real, codes are to be checked against ODS before any real use. */
export type Trust = { odsCode: string; name: string; part: "member" | "partner"; sites: string[] };

export const trusts: readonly Trust[] = [
  {
    odsCode: "RTK",
    name: "Ashford and St Peter's Hospitals",
    part: "member",
    sites: ["St Peter's", "Ashford"],
  },
  {
    odsCode: "RXC",
    name: "East Sussex Healthcare",
    part: "member",
    sites: ["Eastbourne", "Conquest", "Bexhill CDC"],
  },
  { odsCode: "RPC", name: "Queen Victoria Hospital", part: "member", sites: ["East Grinstead"] },
  { odsCode: "RA2", name: "Royal Surrey", part: "member", sites: ["Guildford"] },
  {
    odsCode: "RYR",
    name: "University Hospitals Sussex",
    part: "member",
    sites: ["Brighton", "Worthing", "Chichester", "Haywards Heath"],
  },
  { odsCode: "RTP", name: "Surrey and Sussex Healthcare", part: "partner", sites: ["East Surrey"] },
  { odsCode: "ORC", name: "Outside reporting company (invented)", part: "partner", sites: [] },
  { odsCode: "LDN", name: "London cancer centre (invented)", part: "partner", sites: [] },
];
export const members = trusts.filter(({ part }) => part === "member");
export const trustName = (odsCode: string): string =>
  trusts.find((trust) => trust.odsCode === odsCode)?.name ?? odsCode;
