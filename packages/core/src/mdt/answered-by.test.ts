import { expect, it } from "vitest";
import { answeredBy } from "./answered-by.ts";

type Given = Parameters<typeof answeredBy>[0];
type Ask = Given["asks"][number];
type Aspect = Given["readiness"]["aspects"][number];

const ask = (id: string, about: Ask["about"], requirementId?: string): Ask => ({
  ...{
    id,
    about,
    requirementId,
    caseId: "c-1",
    askedOfId: "p-1",
    askedOf: "Dr A",
    words: "",
    askedBy: "p-2",
  },
  ...{ askedAt: new Date(0), remindedAt: undefined, reminders: 0, said: undefined, saidAt: undefined },
  ...{ version: 1, told: undefined },
});
const aspect = (about: Aspect["about"], colour: Aspect["colour"], requirementId?: string): Aspect => ({
  ...{ about, colour, requirementId, label: about, says: "", from: undefined, since: undefined },
});
const answered = (asks: Ask[], aspects: Aspect[]) =>
  answeredBy({ asks, readiness: { colour: "red", aspects } });

it.each(["red", "amber", "grey"] as const)("what is %s is asked for still", (colour) => {
  expect(answered([ask("a", "report")], [aspect("report", colour)])).toEqual([]);
});

it("what is there is asked for no more, and nothing else", () => {
  const asks = [ask("a", "report"), ask("b", "images"), ask("c", "other")];
  expect(answered(asks, [aspect("report", "green"), aspect("images", "red")])).toEqual(["a"]);
});

it("of two lines the one that is met ends its own request alone", () => {
  const asks = [ask("a", "requirement", "ct"), ask("b", "requirement", "pet")];
  const aspects = [aspect("requirement", "red", "ct"), aspect("requirement", "green", "pet")];
  expect(answered(asks, aspects)).toEqual(["b"]);
});
