import { decideReading, mayRead, type ReadingFacts, sampleFacts } from "../access/index.ts";
import { type Actor, allow, definePolicy, deny, hide, may, mayFor } from "../kernel/index.ts";
import {
  aCoordinator,
  anEdClinician,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aRegionalSystem,
  theSystem,
} from "../kernel/sample-actors.ts";
import type { MarkState } from "./mark.ts";

const facts = sampleFacts;

/** Marks are read by whoever reads the study; which of them, `reaches` says. */
export const mayReadMarks = definePolicy<ReadingFacts>({ ...mayRead, name: "annotation.read-marks" });

const marks = (actor: Actor, of: ReadingFacts) =>
  mayFor(actor, "report", of) || may(actor, "view") || may(actor, "acquire");

/** Who reads the study and whose work it is: those who report, treat or acquire. No system, no meeting's coordinator. */
function decideMarking(actor: Actor, of: ReadingFacts) {
  const reading = decideReading(actor, of);
  if (!reading.allowed) return reading;
  if (actor.kind !== "person" || !marks(actor, of)) return deny("not-for-this-role");
  return actor.role === "mdt-coordinator" ? deny("not-for-this-role") : allow;
}

export const mayMark = definePolicy<ReadingFacts>({
  name: "annotation.mark",
  decide: decideMarking,
  cases: [
    {
      says: "a radiologist, another member's study",
      actor: aRadiologist,
      facts: facts("RTK"),
      expect: "allow",
    },
    {
      says: "a clinician who treats the patient",
      actor: anEdClinician,
      facts: facts("RXC", { relationships: ["statement"] }),
      expect: "allow",
    },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: facts("RYR"),
      expect: "no-relationship",
    },
    { says: "a radiographer, their own trust", actor: aRadiographer, facts: facts("RXC"), expect: "allow" },
    { says: "a radiographer elsewhere", actor: aRadiographer, facts: facts("RA2"), expect: "other-trust" },
    {
      says: "a coordinator with the patient on a list looks, and measures nothing",
      actor: aCoordinator,
      facts: facts("RXC", { relationships: ["mdt"] }),
      expect: "not-for-this-role",
    },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: facts("RTK"), expect: "not-for-this-role" },
    { says: "a system", actor: aRegionalSystem, facts: facts("RXC"), expect: "not-for-this-role" },
    { says: "our own functions", actor: theSystem, facts: facts("RXC"), expect: "not-for-this-role" },
    {
      says: "one's own record",
      actor: aRadiologist,
      facts: facts("RXC", { isOwnRecord: true }),
      expect: "own-record",
    },
  ],
});

export type ChangingFacts = ReadingFacts & {
  readonly marks: readonly { authorId: string; state: MarkState }[];
};
const changing = (authorId: string, state: MarkState): ChangingFacts => ({
  ...facts("RXC"),
  marks: [{ authorId, state }],
});

/** A mark is changed, published and withdrawn by its author alone. Another's that isn't published is as if absent. */
export const mayChangeMarks = definePolicy<ChangingFacts>({
  name: "annotation.change-marks",
  decide(actor, of) {
    const marking = decideMarking(actor, of);
    if (!marking.allowed) return marking;
    const others = of.marks.filter(({ authorId }) => actor.kind !== "person" || authorId !== actor.id);
    if (others.some(({ state }) => state !== "published")) return hide("not-your-mark");
    return others.length > 0 ? deny("not-your-mark") : allow;
  },
  cases: [
    { says: "its author", actor: aRadiologist, facts: changing(aRadiologist.id, "draft"), expect: "allow" },
    {
      says: "its author, published",
      actor: aRadiologist,
      facts: changing(aRadiologist.id, "published"),
      expect: "allow",
    },
    {
      says: "another reader, published",
      actor: aRadiologist,
      facts: changing("p-other", "published"),
      expect: "not-your-mark",
    },
    {
      says: "another reader's draft is as if absent",
      actor: aRadiologist,
      facts: changing("p-other", "draft"),
      expect: "not-your-mark",
    },
    {
      says: "its author, who may read the study no more",
      actor: anEdClinician,
      facts: changing(anEdClinician.id, "draft"),
      expect: "no-relationship",
    },
  ],
});

export type ViewingFacts = ReadingFacts & { readonly isShut: boolean };

/** A link opens for who may read the study, each time anew; on a screening study another's not before one's own read is in. */
export const mayOpenView = definePolicy<ViewingFacts>({
  name: "annotation.open-view",
  decide(actor, of) {
    const reading = decideReading(actor, of);
    if (!reading.allowed) return reading;
    return of.isShut ? deny("read-blind") : allow;
  },
  cases: [
    {
      says: "a reader of the study",
      actor: aRadiologist,
      facts: { ...facts("RTK"), isShut: false },
      expect: "allow",
    },
    {
      says: "a screening study, their own read is not in",
      actor: aRadiologist,
      facts: { ...facts("RTK"), isShut: true },
      expect: "read-blind",
    },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: { ...facts("RYR"), isShut: false },
      expect: "no-relationship",
    },
  ],
});

/** That one's read is in is said by who reports. */
export const mayFinishRead = definePolicy<ReadingFacts>({
  name: "annotation.finish-read",
  decide(actor, of) {
    const reading = decideReading(actor, of);
    if (!reading.allowed) return reading;
    return mayFor(actor, "report", of) ? allow : deny("not-for-this-role");
  },
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: facts("RXC"), expect: "allow" },
    {
      says: "a radiographer who may only look",
      actor: aRadiographer,
      facts: facts("RXC"),
      expect: "not-for-this-role",
    },
    {
      says: "a clinician who treats the patient",
      actor: anEdClinician,
      facts: facts("RXC", { relationships: ["statement"] }),
      expect: "not-for-this-role",
    },
    {
      says: "one's own record",
      actor: aRadiologist,
      facts: facts("RXC", { isOwnRecord: true }),
      expect: "own-record",
    },
  ],
});
