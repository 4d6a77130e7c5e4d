import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseProtocols } from "./choose-protocol.ts";
import { type Hanging, type HungStep, hang, hangByFirst, type Place } from "./hang.ts";
import { type HangingImage, idOf } from "./hanging-image.ts";
import { protocolSchema } from "./protocol.ts";
import { protocols } from "./protocols.ts";

const named = (id: string) => {
  const found = protocols.find((protocol) => protocol.id === id);
  if (!found) throw new RangeError(id);
  return found;
};

let made = 0;
function image(said: Partial<HangingImage>): HangingImage {
  made += 1;
  return {
    studyId: `study-${said.prior ?? 0}`,
    seriesId: `series-${made}`,
    prior: 0,
    modality: "MG",
    seriesNumber: made,
    side: { kind: "unpaired" },
    kind: "image",
    isDisplaced: false,
    extras: [],
    count: 1,
    ...said,
  };
}
const mg = (side: "L" | "R" | "B", view: string, said: Partial<HangingImage> = {}) =>
  image({
    instanceId: `i${made}`,
    side: { kind: "side", side },
    view,
    description: `${side} ${view}`,
    ...said,
  });
const four = (said: Partial<HangingImage> = {}) => [
  mg("L", "MLO", said),
  mg("R", "CC", said),
  mg("R", "MLO", said),
  mg("L", "CC", said),
];

/** What hangs in a step, in words: the description and, of a prior, how far back; what is missing in brackets. */
const says = (place: Place): string => {
  if (place.kind === "missing") return `[${place.text}]`;
  if (place.kind === "empty") return "-";
  return `${place.image.description}${"'".repeat(place.image.prior)}`;
};
const step = (hanging: Hanging, name: string) =>
  hanging.steps.find((one) => one.name === name)?.places.map(says);
const names = ({ steps }: Hanging) => steps.map(({ name }) => name);

describe("a protocol is chosen by what a study is", () => {
  it.each([
    ["DX", "CHEST", "XR Chest", "chest-xray"],
    ["CR", undefined, "XR Chest", "chest-xray"],
    ["DX", "KNEE", "XR Knee", "general"],
    ["CT", "CHEST", "CT Chest", "ct-chest"],
    ["CT", "HEAD", "CT Head", "ct-head"],
    ["CT", "ABDOMEN", "CT Abdomen", "general"],
    ["MR", "BRAIN", "MR Brain", "mr-brain"],
    ["US", "HEART", "US Heart", "us"],
    ["MG", "BREAST", "XR Mammogram Both", "mammography"],
    ["MG", undefined, undefined, "mammography"],
    ["SR", undefined, undefined, "general"],
  ])("%s %s %s: %s", (modality, bodyPart, description, expected) => {
    const study = { description, series: [{ modality, bodyPart }] };
    expect(chooseProtocols(study, protocols)[0]?.id).toBe(expected);
  });

  it("a protocol with a place for a side must be written whole", () => {
    const [mammography] = protocols;
    expect(protocolSchema.safeParse({ ...mammography, steps: [] }).success).toBe(false);
    const slots = [{ want: {}, flush: "left" }];
    const edge = { ...mammography, steps: [{ name: "x", rows: 1, columns: 1, slots }] };
    expect(protocolSchema.safeParse(edge).success).toBe(false);
    expect(protocolSchema.safeParse({ ...mammography, unknown: 1 }).success).toBe(false);
  });
});

describe("mammography", () => {
  it("hangs four views back to back, the right breast at the right edge of its place and the left at the left", () => {
    const hanging = hang(named("mammography"), four());
    expect(step(hanging, "Four views")).toEqual(["R CC", "L CC", "R MLO", "L MLO"]);
    for (const place of hanging.steps.flatMap(({ places }) => places))
      if (place.kind === "hung" && place.image.side.kind === "side")
        expect(place.flush).toBe(place.image.side.side === "R" ? "right" : "left");
    expect(hanging).toMatchObject({ isOneScale: true, isUnflipped: true, unplaced: [], listed: [] });
  });

  it("hangs the prior below, then beside, and the last two rounds, stepped in the order of reading", () => {
    const hanging = hang(named("mammography"), [...four(), ...four({ prior: 1 }), ...four({ prior: 2 })]);
    expect(names(hanging)).toEqual([
      "Four views, the prior below",
      "CC",
      "MLO",
      "CC, the prior beside",
      "MLO, the prior beside",
      "CC, the last two rounds",
      "MLO, the last two rounds",
    ]);
    expect(step(hanging, "Four views, the prior below")).toEqual([
      ...["R CC", "L CC", "R MLO", "L MLO"],
      ...["R CC'", "L CC'", "R MLO'", "L MLO'"],
    ]);
    expect(step(hanging, "CC, the prior beside")).toEqual(["R CC", "L CC", "R CC'", "L CC'"]);
  });

  it.each([
    [
      "a view that didn't come is missing in its place",
      [mg("R", "CC"), mg("L", "CC"), mg("L", "MLO")],
      ["R CC", "L CC", "[No R MLO came]", "L MLO"],
    ],
    [
      "one breast only: the other's places say so",
      [mg("L", "CC"), mg("L", "MLO")],
      ["[No R CC came]", "L CC", "[No R MLO came]", "L MLO"],
    ],
    [
      "a magnified view takes no plain place",
      [mg("R", "CC", { extras: ["magnified"] }), mg("L", "CC")],
      ["[No R CC came]", "L CC", "[No R MLO came]", "[No L MLO came]"],
    ],
    [
      "a rolled one neither",
      [mg("R", "CC", { extras: ["rolled"] }), mg("L", "CC")],
      ["[No R CC came]", "L CC", "[No R MLO came]", "[No L MLO came]"],
    ],
    [
      "a specimen neither",
      [mg("R", "CC", { kind: "specimen" }), mg("L", "CC")],
      ["[No R CC came]", "L CC", "[No R MLO came]", "[No L MLO came]"],
    ],
    [
      "a lateral view neither",
      [mg("R", "ML"), mg("L", "CC")],
      ["[No R CC came]", "L CC", "[No R MLO came]", "[No L MLO came]"],
    ],
    [
      "a synthetic image where there is no other",
      [mg("R", "CC", { kind: "synthetic", description: "R CC syn" }), mg("L", "CC")],
      ["R CC syn", "L CC", "[No R MLO came]", "[No L MLO came]"],
    ],
    [
      "the exposed one before a synthetic, whichever came first",
      [mg("R", "CC", { kind: "synthetic", description: "R CC syn" }), mg("R", "CC")],
      ["R CC", "[No L CC came]", "[No R MLO came]", "[No L MLO came]"],
    ],
    [
      "an implant that was displaced is no plain view",
      [mg("R", "CC", { isDisplaced: true, description: "R CC ID" }), mg("R", "CC")],
      ["R CC", "[No L CC came]", "[No R MLO came]", "[No L MLO came]"],
    ],
  ])("%s", (_says, images, expected) => {
    expect(step(hang(named("mammography"), images), "Four views")).toEqual(expected);
  });

  it("several images of one view: the first in its place, the others after the steps", () => {
    const hanging = hang(named("mammography"), [...four(), mg("R", "CC", { description: "R CC again" })]);
    expect(step(hanging, "Other images")).toEqual(["R CC again"]);
  });

  it("implant views and tomosynthesis have steps of their own, where there are any", () => {
    const displaced = four({ isDisplaced: true });
    const tomo = four({ kind: "tomosynthesis", count: 60 });
    const hanging = hang(named("mammography"), [...four(), ...displaced, ...tomo]);
    expect(step(hanging, "Implant displaced")).toEqual(["R CC", "L CC", "R MLO", "L MLO"]);
    expect(step(hanging, "Tomosynthesis, CC")).toEqual(["R CC", "L CC"]);
    expect(names(hang(named("mammography"), four()))).not.toContain("Tomosynthesis, CC");
  });

  it.each([
    [
      "in doubt",
      { side: { kind: "doubt", why: "Image Laterality says L, coded anatomy says R" } },
      "Image Laterality says L, coded anatomy says R",
    ],
    ["absent", { side: { kind: "unpaired" } }, "the image says no side"],
    ["both", { side: { kind: "side", side: "B" } }, "both sides are in one image"],
    [
      "known, but its view in doubt",
      { viewDoubt: "one says CC, the other MLO" },
      "one says CC, the other MLO",
    ],
  ] as const)("an image whose side is %s is in the tray, and in no place", (_says, said, why) => {
    const odd = mg("R", "CC", { description: "odd", ...said });
    const hanging = hang(named("mammography"), [odd, ...four()]);
    expect(hanging.unplaced).toEqual([{ image: odd, why }]);
    expect(hanging.steps.flatMap(({ places }) => places.map(says))).not.toContain("odd");
    expect(step(hanging, "Four views")).toEqual(["R CC", "L CC", "R MLO", "L MLO"]);
  });

  it("where all are in doubt, four places say that nothing came, and the tray has them", () => {
    const odd = four().map((one) => ({ ...one, side: { kind: "doubt" as const, why: "x" } }));
    const hanging = hang(named("mammography"), odd);
    expect(hanging.steps[0]?.places.every(({ kind }) => kind === "missing")).toBe(true);
    expect(hanging.unplaced).toHaveLength(4);
  });
});

describe("with a second screen", () => {
  const second = (hanging: Hanging, name: string) =>
    hanging.steps.find((one) => one.name === name)?.second?.places.map(says);

  it("mammography: the prior round hangs on it, each breast at its edge, and the steps go through both", () => {
    const images = [...four(), ...four({ prior: 1 }), ...four({ prior: 2 })];
    const hanging = hang(named("mammography"), images, 2);
    expect(names(hanging)).toEqual([
      "Four views, the prior on the second screen",
      "CC",
      "MLO",
      "CC, the last two rounds on the second screen",
      "MLO, the last two rounds on the second screen",
    ]);
    expect(step(hanging, "Four views, the prior on the second screen")).toEqual([
      ...["R CC", "L CC", "R MLO", "L MLO"],
    ]);
    expect(second(hanging, "Four views, the prior on the second screen")).toEqual([
      ...["R CC'", "L CC'", "R MLO'", "L MLO'"],
    ]);
    expect(second(hanging, "CC")).toEqual(["R CC'", "L CC'"]);
    expect(second(hanging, "MLO, the last two rounds on the second screen")).toEqual([
      ...["R MLO'", "L MLO'", "R MLO''", "L MLO''"],
    ]);
  });

  it("CT chest: soft tissue and lung on the one, the prior's on the other", () => {
    const ct = (said: Partial<HangingImage> = {}) =>
      image({ modality: "CT", description: "stack", count: 80, ...said });
    const name = "Soft tissue and lung, the prior on the second screen";
    const hanging = hang(named("ct-chest"), [ct(), ct({ prior: 1 })], 2);
    expect(names(hanging)).toEqual([name]);
    expect(step(hanging, name)).toEqual(["stack", "stack"]);
    expect(second(hanging, name)).toEqual(["stack'", "stack'"]);
  });

  it("where there is no prior nothing is said for it: the steps are those of one screen", () => {
    const images = four();
    for (const protocol of protocols)
      expect(hang(protocol, images, 2).steps, protocol.id).toEqual(hang(protocol, images, 1).steps);
  });

  it("without one the protocol hangs as if nothing were said of it", () => {
    const hanging = hang(named("mammography"), [...four(), ...four({ prior: 1 })]);
    expect(hanging.steps.every((one) => one.second === undefined)).toBe(true);
  });

  it("a prior for which the protocol has no place hangs there", () => {
    const images = [
      image({ modality: "DX", view: "PA", description: "PA" }),
      image({ modality: "CT", prior: 1, description: "stack", count: 80 }),
    ];
    const hanging = hang(named("chest-xray"), images, 2);
    expect(step(hanging, "The prior on the second screen")).toEqual(["PA"]);
    expect(second(hanging, "The prior on the second screen")).toEqual(["stack'"]);
  });
});

describe("the other protocols", () => {
  const xr = (view: string | undefined, said: Partial<HangingImage> = {}) =>
    image({ modality: "DX", view, description: view ?? "no view", ...said });
  const ct = (said: Partial<HangingImage> = {}) =>
    image({ modality: "CT", description: "stack", count: 80, ...said });
  const mr = (description: string, said: Partial<HangingImage> = {}) =>
    image({ modality: "MR", description, count: 30, ...said });

  it("chest X-ray: the frontal view, beside the prior's; a lateral after them; one that says no view hangs", () => {
    const hanging = hang(named("chest-xray"), [xr("LAT"), xr("PA"), xr("PA", { prior: 1 })]);
    expect(step(hanging, "Frontal, with the prior")).toEqual(["PA", "PA'"]);
    expect(step(hanging, "Other images")).toEqual(["LAT"]);
    expect(step(hang(named("chest-xray"), [xr(undefined)]), "Frontal")).toEqual(["no view"]);
  });

  it("CT chest: one series in two windows; with a prior each window beside the prior's; a localiser never", () => {
    const hanging = hang(named("ct-chest"), [ct({ count: 2, description: "scout" }), ct()]);
    expect(step(hanging, "Soft tissue and lung")).toEqual(["stack", "stack"]);
    const windows = hanging.steps[0]?.places.map((place) =>
      place.kind === "hung" ? place.window?.name : undefined,
    );
    expect(windows).toEqual(["Soft tissue", "Lung"]);
    expect(hanging.listed.map(({ description }) => description)).toEqual(["scout"]);
    const compared = hang(named("ct-chest"), [ct(), ct({ prior: 1 })]);
    expect(names(compared)).toEqual(["Soft tissue, with the prior", "Lung, with the prior"]);
    expect(step(compared, "Lung, with the prior")).toEqual(["stack", "stack'"]);
  });

  it("CT head: brain, then brain and bone", () => {
    expect(names(hang(named("ct-head"), [ct()]))).toEqual(["Brain", "Brain and bone"]);
  });

  it("MR brain: each sequence by its word in its place, and T2 FLAIR is FLAIR", () => {
    const came = ["AX T2 FLAIR", "T1 SE", "AX T2", "DWI b1000"].map((description) => mr(description));
    expect(step(hang(named("mr-brain"), came), "Sequences side by side")).toEqual([
      "T1 SE",
      "AX T2",
      "AX T2 FLAIR",
      "DWI b1000",
    ]);
  });

  it("ultrasound: by how many there are, four at a time", () => {
    const us = (count: number) =>
      Array.from({ length: count }, (_, at) => image({ modality: "US", description: `${at}` }));
    expect(names(hang(named("us"), us(1)))).toEqual(["One image"]);
    expect(names(hang(named("us"), us(2)))).toEqual(["Two images"]);
    expect(hang(named("us"), us(9)).steps.map(({ places }) => places.map(says))).toEqual([
      ["0", "1", "2", "3"],
      ["4", "5", "6", "7"],
      ["8", "-", "-", "-"],
    ]);
  });

  it("a study by which a protocol hangs nothing hangs by the next; a prior of another kind hangs beside", () => {
    const localiser = ct({ count: 1 });
    expect(hangByFirst([named("ct-chest"), named("general")], [localiser])?.protocolId).toBe("general");
    const hanging = hang(named("chest-xray"), [xr("PA"), ct({ prior: 1 })]);
    expect(step(hanging, "Beside the prior")).toEqual(["PA", "stack'"]);
    expect(names(hanging)[0]).toBe("Beside the prior");
  });

  it("a study of documents alone opens with its first, and the others stay listed", () => {
    const documents = [1, 2].map((seriesNumber) => image({ modality: "SR", kind: "document", seriesNumber }));
    const hanging = hangByFirst([named("general")], documents);
    expect(hanging && names(hanging)).toEqual(["Document"]);
    expect(hanging?.steps[0]?.places).toMatchObject([{ kind: "hung", image: { seriesNumber: 1 } }]);
    expect(hanging?.listed).toHaveLength(1);
  });
});

const sides = fc.oneof(
  fc.constantFrom("L" as const, "R" as const, "B" as const).map((side) => ({ kind: "side" as const, side })),
  fc.constant({ kind: "doubt" as const, why: "two sources disagree" }),
  fc.constant({ kind: "unpaired" as const }),
);
const anyImage = fc.record({
  instanceId: fc.option(fc.uuid(), { nil: undefined }),
  seriesId: fc.uuid(),
  prior: fc.constantFrom(0, 0, 0, 1, 2, 3),
  modality: fc.constantFrom("MG", "MG", "MG", "DX", "CT", "MR", "US", "SR"),
  view: fc.constantFrom("CC", "CC", "MLO", "MLO", "ML", "PA", "LAT", undefined),
  viewDoubt: fc.constantFrom(undefined, undefined, undefined, "views disagree"),
  kind: fc.constantFrom(
    "image" as const,
    "image" as const,
    "tomosynthesis" as const,
    "synthetic" as const,
    "specimen" as const,
    "document" as const,
  ),
  side: sides,
  isDisplaced: fc.boolean(),
  extras: fc.constantFrom([], [], ["magnified"]),
  count: fc.nat(100),
  description: fc.constantFrom("R CC", "L MLO", "T1", "T2 FLAIR", "DWI", undefined),
  seriesNumber: fc.option(fc.nat(9), { nil: undefined }),
});
const anyImages = fc.uniqueArray(
  anyImage.map((said) => image(said)),
  { maxLength: 24, selector: idOf },
);

const screens = fc.constantFrom(1 as const, 2 as const);
const placesOf = ({ places, second }: Pick<HungStep, "places" | "second">): Place[] => [
  ...places,
  ...(second?.places ?? []),
];

describe("whatever comes, by every protocol", () => {
  it("nothing is lost: each image is in a step, in the tray or listed, and in one of these only", () => {
    fc.assert(
      fc.property(fc.constantFrom(...protocols), anyImages, screens, (protocol, images, many) => {
        const hanging = hang(protocol, images, many);
        const placed = new Set(
          hanging.steps.flatMap((one) =>
            placesOf(one).flatMap((place) => (place.kind === "hung" ? [idOf(place.image)] : [])),
          ),
        );
        const others = [...hanging.unplaced.map(({ image: one }) => idOf(one)), ...hanging.listed.map(idOf)];
        expect([...placed, ...others].sort()).toEqual(images.map(idOf).sort());
      }),
      { numRuns: 500 },
    );
  });

  it("a side's place has an image of that side, plain, of the round that it names, or none", () => {
    fc.assert(
      fc.property(anyImages, screens, (images, many) => {
        const hanging = hang(named("mammography"), images, many);
        for (const { name, ...grids } of hanging.steps)
          for (const place of placesOf(grids)) {
            if (place.kind !== "hung" || !place.flush) continue;
            const { side, extras, viewDoubt, kind } = place.image;
            expect([name, side]).toEqual([name, { kind: "side", side: place.flush === "right" ? "R" : "L" }]);
            expect([extras, viewDoubt, kind === "specimen"]).toEqual([[], undefined, false]);
          }
      }),
      { numRuns: 500 },
    );
  });

  it("it is the same whichever came first", () => {
    fc.assert(
      fc.property(fc.constantFrom(...protocols), anyImages, screens, (protocol, images, many) => {
        expect(hang(protocol, images.toReversed(), many)).toEqual(hang(protocol, images, many));
      }),
      { numRuns: 100 },
    );
  });
});
