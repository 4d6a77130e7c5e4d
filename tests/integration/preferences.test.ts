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

  it("is changed by each of their windows without the other's changes being lost, at the same time too", async () => {
    const rohan = await region.signedIn("rohan.patel");
    const grid = (at: number) => ({ grids: { [`ct/${at}`]: { rows: 1, columns: 2 } } });
    await Promise.all(Array.from({ length: 6 }, (_, at) => Preference.keepViewer(rohan, grid(at))));
    await Promise.all([
      Preference.keepViewer(rohan, { links: MINE.links }),
      Preference.keepViewer(rohan, { keys: MINE.keys }),
      Preference.keepViewer(rohan, { isOnTwoScreens: true }),
    ]);
    const kept = await Preference.readViewer(rohan, {});
    expect(Object.keys(kept.grids).toSorted()).toEqual(["ct/0", "ct/1", "ct/2", "ct/3", "ct/4", "ct/5"]);
    expect(kept).toMatchObject({ links: MINE.links, keys: MINE.keys, isOnTwoScreens: true });
    // What is changed again takes the place of what it was.
    const kept2 = await Preference.keepViewer(rohan, {
      keys: {},
      grids: { "ct/0": { rows: 3, columns: 1 } },
    });
    expect(kept2).toMatchObject({ keys: {}, links: MINE.links });
    expect(kept2.grids).toMatchObject({ "ct/0": { rows: 3, columns: 1 }, "ct/1": { rows: 1, columns: 2 } });
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
