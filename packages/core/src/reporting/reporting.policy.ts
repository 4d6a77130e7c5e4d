import * as Access from "../access/index.ts";
import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aRadiologist, theSystem } from "../kernel/sample-actors.ts";

/** Who may open a study may read its report. */
export const mayReadReport = definePolicy<Access.ReadingFacts>({ ...Access.mayRead, name: "reporting.read" });

export const systemOnly = definePolicy<null>({
  name: "reporting.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "our own function takes a message in", actor: theSystem, facts: null, expect: "allow" },
    { says: "nobody types a report state in", actor: aRadiologist, facts: null, expect: "system-only" },
  ],
});
