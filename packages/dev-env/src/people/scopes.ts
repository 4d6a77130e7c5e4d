/** What a trust's gateway may: send, fetch the modality worklist, tell what was performed. */
export const GATEWAY_SCOPES = ["inbox.write", "worklist.read", "procedure.write"] as const;

/** What another system of a trust may in the demonstration: a PACS, an AI box, a research script. */
export const SYSTEM_SCOPES = ["inbox.write", "studies.read", "studies.read.region"] as const;

/** Beside them, in a token of its own, its trust's gateway keeps what it may read (docs/adr/0013). */
export const CACHE_SCOPE = "edge.cache";
