import * as Preference from "@weald/core/preference";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf } from "./sent.ts";

describe("what a person changed of the viewer", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create();
  }, 60_000);
  afterAll(() => region.stop());

  const NOTHING = { grids: {}, keys: {} };
  const MINE = {
    grids: { "mammography/Four views/0": { rows: 2, columns: 2 } },
    links: { scroll: true, window: false, zoom: true },
    keys: { measure: "t" },
  };

  it("is kept for them from one sign-in to the next, the last in place of the one before, and for nobody else", async () => {
    const ines = await region.signedIn("ines.marlow");
    expect(await Preference.readViewer(ines, {})).toEqual(NOTHING);
    await Preference.keepViewer(ines, { ...MINE, grids: {} });
    await Preference.keepViewer(ines, MINE);
    expect(await Preference.readViewer(await region.signedIn("ines.marlow"), {})).toEqual(MINE);
    expect(await Preference.readViewer(await region.signedIn("rohan.patel"), {})).toEqual(NOTHING);
  });

  it.each([
    ["a grid that there isn't", { grids: { x: { rows: 5, columns: 1 } } }],
    ["one key for two things", { keys: { measure: "t", window: "t" } }],
    ["a key that is none", { keys: { measure: "Enter" } }],
    ["what nobody knows", { colour: "red" }],
  ])("refuses %s, and keeps what was kept", async (_says, input) => {
    const ines = await region.signedIn("ines.marlow");
    await Preference.keepViewer(ines, MINE);
    expect(await codeOf(Preference.keepViewer(ines, input as never))).toBe("INPUT_INVALID");
    expect(await Preference.readViewer(ines, {})).toEqual(MINE);
  });

  it("no system has", async () => {
    expect(await codeOf(Preference.readViewer(region.system("RXC"), {}))).toBe("persons-only");
  });
});
