import { describe, expect, it } from "vitest";
import { foldStatements, type StatedName, type Statement } from "./statement.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 9, minute));
const latin: StatedName = { family: "Wang", given: "Xiaoming", middle: "", prefix: "" };
const said = (minute: number, isUpdate: boolean, name: StatedName): Statement => ({
  source: `source ${minute}`,
  saidAt: at(minute),
  isUpdate,
  says: { name },
});

describe("a name in another script", () => {
  const image = said(1, false, { ...latin, ideographic: "王^小明", phonetic: "Wang^Xiaoming" });

  it("stays when a message says the same name without it", () => {
    const folded = foldStatements([image, said(2, true, latin)]).name;
    expect(folded).toMatchObject({ family: "Wang", ideographic: "王^小明", phonetic: "Wang^Xiaoming" });
  });
  it("stays whichever came first, and whatever their case", () => {
    const message = said(0, true, { ...latin, family: "WANG" });
    expect(foldStatements([message, image]).name).toMatchObject({ family: "WANG", ideographic: "王^小明" });
  });
  it("goes with the name when that becomes another", () => {
    const married = said(2, true, { ...latin, family: "Alder" });
    expect(foldStatements([image, married]).name).toEqual({ ...latin, family: "Alder" });
  });
});
