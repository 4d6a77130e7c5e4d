import type { Actor } from "../kernel/index.ts";
import { organisationOf } from "../kernel/index.ts";
import type { PatientIdentity } from "./patient.ts";

/**
 * A record as somebody outside the caring team may know it where the person has the national S-flag: neither which trust
 * knows them nor by which number, since both say where they were (clinical page §7).
 */
export const withoutSite = (identity: PatientIdentity): PatientIdentity => ({
  ...identity,
  recordId: "",
  custodian: "",
  localNumber: "",
});

type Marked = { custodian: string; sensitivities: readonly string[]; identity: PatientIdentity };

export const isSiteHidden = (actor: Actor, { custodian, sensitivities }: Omit<Marked, "identity">): boolean =>
  sensitivities.includes("s-flag") && organisationOf(actor) !== custodian;

/** One's own trust's record is no secret to it. */
export const siteMasked = (actor: Actor, marked: Marked): PatientIdentity =>
  isSiteHidden(actor, marked) ? withoutSite(marked.identity) : marked.identity;
