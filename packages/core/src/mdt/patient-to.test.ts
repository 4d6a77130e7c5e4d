import { describe, expect, it } from "vitest";
import { aRadiologist, theSystem } from "../kernel/sample-actors.ts";
import { patientTo } from "./patient-to.ts";
import type { Standing } from "./standing.store.ts";

const standing = (more: Partial<Standing> = {}): Standing => ({
  patientId: "p",
  classes: ["vip"],
  relationships: ["mdt"],
  isOwn: false,
  ...more,
});
const to = (known: Standing | undefined, actOf?: string | null, actor = aRadiologist) =>
  patientTo({ actor }, { actOf }, known);

describe("who a case is about", () => {
  it.each([
    ["nothing is restricted", standing({ classes: [] }), null, "open"],
    ["restricted, and on the list alone", standing(), null, "restricted"],
    ["restricted, and listed by somebody else's act", standing(), "somebody", "restricted"],
    ["restricted, and listed by their own act", standing(), aRadiologist.id, "open"],
    ["restricted, and they care for the patient", standing({ relationships: ["admission"] }), null, "open"],
    ["restricted, and they broke the glass", standing({ relationships: ["glass"] }), null, "open"],
    ["restricted, and their own word alone", standing({ relationships: ["statement"] }), null, "restricted"],
    ["they are this patient, whatever else", standing({ classes: [], isOwn: true }), aRadiologist.id, "own"],
    ["nothing is known of the patient", undefined, null, "restricted"],
  ] as const)("%s", (_says, known, actOf, expected) => expect(to(known, actOf)).toBe(expected));
  it("our own functions judge every case", () =>
    expect(patientTo({ actor: theSystem }, {}, standing())).toBe("open"));
});
