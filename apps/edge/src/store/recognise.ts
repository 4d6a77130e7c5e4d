import type { EdgeConfig } from "../config.ts";
import type { Caller, Recognised } from "../dimse/service.ts";

const V4_IN_V6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/;

/** Callers are registered, by title and where it is said by address; one gateway is one trust's, by any of its titles. */
export function recogniser(config: EdgeConfig) {
  const { mostAssociations = 0, mostAssociationsOfOne = 0, calledTitles = [] } = config.dimse ?? {};
  const entities = new Map(config.applicationEntities.map((entity) => [entity.title, entity]));
  const open = new Map<string, number>();
  let all = 0;

  function recognise(calling: string, called: string, address: string): Recognised {
    const entity = entities.get(calling.trim());
    if (!calledTitles.includes(called.trim())) return "called-not-recognised";
    if (!entity) return "calling-not-recognised";
    if (entity.addresses && !entity.addresses.includes(address.replace(V4_IN_V6, "")))
      return "calling-not-recognised";
    const ofThis = open.get(entity.title) ?? 0;
    if (all >= mostAssociations || ofThis >= mostAssociationsOfOne) return "too-many";
    open.set(entity.title, ofThis + 1);
    all += 1;
    return { entity, calledTitle: called.trim() };
  }

  function left({ entity }: Caller): void {
    open.set(entity.title, (open.get(entity.title) ?? 1) - 1);
    all -= 1;
  }
  return { recognise, left };
}
