import type { ShownCase } from "./shown-case.ts";

export type Outcome = NonNullable<ShownCase["outcome"]>;
export type Of = { shown: ShownCase };

export const KINDS = { decided: "Decided", deferred: "Deferred", "not-discussed": "Not discussed" } as const;
