/** A trust of the region (`member`: it shares by default) or somebody outside it, reached by open standards. */
export type Organisation = { odsCode: string; name: string; part: "member" | "partner"; sites: string[] };
