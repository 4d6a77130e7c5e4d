import { type Actor, may } from "../kernel/index.ts";
import type { ListKind } from "./worklist.ts";

/**
 * What a list may hold for this actor, as data that the store turns into SQL. Property: list(scope) = filter(all, decide).
 */
export type Scope = {
  kind: ListKind;
  /** `undefined`: every member. */
  custodian: string | undefined;
  /** Only patients with whom the person has a relationship in force. */
  onlyRelated: boolean;
  /** Beside `custodian`, the patients with whom the person has a relationship in force. */
  orRelated: boolean;
  /** Sensitive records stand on nobody's list but their custodian's reporters'. */
  sensitiveOf: string | undefined;
};

/** Everyone starts from their own list (clinical page §4). */
export function scopeOf(actor: Actor): Scope {
  if (actor.kind !== "person")
    return {
      kind: "none",
      custodian: undefined,
      onlyRelated: true,
      orRelated: false,
      sensitiveOf: undefined,
    };
  const base = { custodian: undefined, onlyRelated: false, orRelated: false, sensitiveOf: undefined };
  if (may(actor, "report")) return { ...base, kind: "reporting", sensitiveOf: actor.organisation };
  if (may(actor, "acquire") || may(actor, "manage-archive"))
    return { ...base, kind: "own-trust", custodian: actor.organisation, orRelated: may(actor, "view") };
  if (may(actor, "list-for-mdt") && may(actor, "view"))
    return { ...base, kind: "meetings", onlyRelated: true };
  if (may(actor, "view")) return { ...base, kind: "relationships", onlyRelated: true };
  return { ...base, kind: "none", onlyRelated: true };
}
