import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aPacsManager, theSystem } from "../kernel/sample-actors.ts";

/** Packing changes nothing that is served: our own functions do it, and nobody else. */
export const mayPack = definePolicy<null>({
  name: "packing.pack",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "a timer", actor: theSystem, facts: null, expect: "allow" },
    { says: "a person, an archive's manager too", actor: aPacsManager, facts: null, expect: "system-only" },
  ],
});
