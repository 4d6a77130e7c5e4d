import { isCaring } from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import type { Standing } from "./standing.store.ts";

/**
 * Who a case is about, to this actor. A restricted record is for who listed it by their own act, and for who cares for the patient
 * (clinical page §4); our own functions judge what the region holds. Nobody knows it of themselves by a list.
 */
export function patientTo(
  { actor }: Pick<Tx, "actor">,
  { actOf }: { actOf?: string | null | undefined },
  standing: Standing | undefined,
): "open" | "restricted" | "own" {
  if (!standing) return "restricted";
  if (standing.isOwn) return "own";
  if (standing.classes.length === 0 || actor.kind === "system" || actOf === actor.id) return "open";
  return isCaring(standing) ? "open" : "restricted";
}
