import { describe, expect, it } from "vitest";
import type { DicomValue, Header, ViewerInstance } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import type { OverlayPlane } from "../pixels/overlay-plane.ts";
import { rgbOfLab } from "./cie-lab.ts";
import { byPlace, layOn } from "./lay-frames.ts";
import {
  isApplicable,
  lookOn,
  nameOfState,
  presentedBy,
  type StateLook,
  stateFor,
  turnNote,
} from "./presentation-state.ts";
import { paint, paintLabels, valuesOf } from "./segment-mask.ts";
import { isSegmentation, madeOf, segmentationOf } from "./segmentation.ts";
import { NO_PARTS } from "./state-parts.ts";

const of = (vr: string, ...Value: DicomValue[]) => ({ vr, Value });
const sq = (...Value: Header[]) => ({ vr: "SQ", Value });

function instance(header: Header, frames = 1, sopClassUid = "1.2.840.10008.5.1.4.1.1.2"): ViewerInstance {
  return {
    ...{ instanceId: String(header["00080018"]?.Value?.[0] ?? "1"), version: 1, sizeBytes: 0, sopClassUid },
    ...{ sopInstanceUid: String(header["00080018"]?.Value?.[0] ?? ""), encoding: "plain" },
    ...{ transferSyntaxUid: "1.2.840.10008.1.2.1", header },
    frames: Array.from({ length: frames }, () => ({ offset: 0, length: 2 })),
  };
}
const on = (image: ViewerInstance, frame = 1): Frame => ({
  ...{ imageId: image.instanceId, instance: image, frame, locator: { offset: 0, length: 2 } },
});
const ct = (sop: string, z: number, more: Header = {}): ViewerInstance =>
  instance({
    "00080018": of("UI", sop),
    "00200032": of("DS", -10, -20, z),
    "00200037": of("DS", 1, 0, 0, 0, 1, 0),
    "00200052": of("UI", "1.9"),
    "00280004": of("CS", "MONOCHROME2"),
    "00280010": of("US", 40),
    "00280011": of("US", 60),
    "00280030": of("DS", 2, 1),
    "00281052": of("DS", -1024),
    "00281053": of("DS", 1),
    ...more,
  });
const image = (sop: string, ...frames: number[]): Header => ({
  "00081155": of("UI", sop),
  ...(frames.length > 0 ? { "00081160": of("IS", ...frames) } : {}),
});
const series = (...images: Header[]) => sq({ "0020000E": of("UI", "1.2"), "00081140": sq(...images) });

const GRAYSCALE = "1.2.840.10008.5.1.4.1.1.11.1";
const state = (more: Header, sopClassUid = GRAYSCALE): ViewerInstance =>
  instance({ "00080018": of("UI", "9.1"), "00081115": series(image("1.1")), ...more }, 0, sopClassUid);
const drawing = (kind: string, units: string, ...data: number[]): Header => ({
  "00700005": of("CS", units),
  "00700022": of("FL", ...data),
  "00700023": of("CS", kind),
});
const annotated = (objects: Header[], words: Header[] = [], more: Header = {}): Header => ({
  "00700001": sq({ "00700009": sq(...objects), "00700008": sq(...words), ...more }),
});
const area = (left: number, top: number, right: number, bottom: number): Header => ({
  "0070005A": sq({ "00700052": of("SL", left, top), "00700053": of("SL", right, bottom) }),
});
const drawnIn = ({ layers }: StateLook) => layers.flatMap(({ drawn }) => drawn.map(({ path }) => path));
const drawnBy = (more: Header) => drawnIn(lookOn(state(more), on(ct("1.1", 0))));
const notesBy = (more: Header) => lookOn(state(more), on(ct("1.1", 0))).notes;

describe("a presentation state on the image that it speaks of", () => {
  it("draws each kind of graphic at its pixels, and a curve through every point", () => {
    expect(drawnBy(annotated([drawing("POINT", "PIXEL", 3, 4)]))).toEqual(["M3 4h0"]);
    expect(drawnBy(annotated([drawing("POLYLINE", "PIXEL", 1, 2, 3, 4, 5, 6)]))).toEqual(["M1 2L3 4L5 6"]);
    expect(drawnBy(annotated([drawing("CIRCLE", "PIXEL", 10, 10, 13, 14)]))).toEqual([
      "M5 10A5 5 0 1 0 15 10A5 5 0 1 0 5 10Z",
    ]);
    expect(drawnBy(annotated([drawing("ELLIPSE", "PIXEL", 0, 5, 10, 5, 5, 3, 5, 7)]))).toEqual([
      "M0 5A5 2 0 1 0 10 5A5 2 0 1 0 0 5Z",
    ]);
    const [curve = ""] = drawnBy(annotated([drawing("INTERPOLATED", "PIXEL", 0, 0, 6, 6, 12, 0)]));
    expect(curve).toMatch(/^M0 0C\S+ \S+ \S+ \S+ 6 6C\S+ \S+ \S+ \S+ 12 0$/);
  });

  it("places display units in the area that was shown", () => {
    const more = { ...area(11, 21, 50, 40), ...annotated([drawing("POLYLINE", "DISPLAY", 0, 0, 1, 1)]) };
    expect(drawnBy(more)).toEqual(["M10 20L50 40"]);
    expect(presentedBy(state(more), on(ct("1.1", 0)), true).stance?.part).toEqual({
      ...{ left: 10, top: 20, right: 50, bottom: 40 },
    });
    expect(notesBy(more)).toEqual([]);
  });

  it.each([
    // By rows and columns of the picture as it was sent, from the screen's top left corner to its bottom right one.
    [0, "N", [11, 21, 50, 40], "M10 20L50 20"],
    [0, "Y", [50, 21, 11, 40], "M50 20L10 20"],
    [90, "N", [11, 40, 50, 21], "M10 40L10 20"],
    [180, "N", [50, 40, 11, 21], "M50 40L10 40"],
    [270, "N", [50, 21, 11, 40], "M50 20L50 40"],
    [90, "Y", [11, 21, 50, 40], "M10 20L10 40"],
  ])("places display units in an area that was turned by %s°, flipped %s", (degrees, flip, corners, path) => {
    const [left = 0, top = 0, right = 0, bottom = 0] = corners;
    const more = {
      ...area(left, top, right, bottom),
      ...annotated([drawing("POLYLINE", "DISPLAY", 0, 0, 1, 0)]),
      ...{ "00700041": of("CS", flip), "00700042": of("US", degrees) },
    };
    expect(drawnBy(more)).toEqual([path]);
    const { stance } = presentedBy(state(more), on(ct("1.1", 0)), true);
    expect(stance?.turn).toEqual({ degrees, isFlipped: flip === "Y" });
    expect(stance?.part).toEqual({ left: 10, top: 20, right: 50, bottom: 40 });
  });

  it("places nothing by display units of an area that contradicts its turning, and says so, with the words", () => {
    const more = {
      ...area(11, 21, 50, 40),
      ...annotated(
        [drawing("POLYLINE", "DISPLAY", 0, 0, 1, 1), drawing("POINT", "PIXEL", 1, 1)],
        [{ "00700006": of("ST", "old rib"), "00700003": of("CS", "DISPLAY"), "00700010": of("FL", 0, 0) }],
      ),
      "00700041": of("CS", "Y"),
    };
    expect(drawnBy(more)).toEqual(["M1 1h0"]);
    expect(notesBy(more)).toEqual([
      "A PART presented at odds with its turning, the whole picture here",
      "1 drawing not drawn here",
      "Without a place: old rib",
    ]);
  });

  it("is neither turned nor a part where pictures stand by a rule of their own, and says so", () => {
    const more = { ...area(50, 21, 11, 40), "00700041": of("CS", "Y"), "20500020": of("CS", "INVERSE") };
    const image = on(ct("1.1", 0));
    expect(presentedBy(state(more), image, false)).toEqual({ stance: undefined, isInverse: true });
    const look = lookOn(state(more), image, undefined, false);
    expect(look.notes).toEqual(["A PART as presented, the whole picture here"]);
    expect(turnNote(look, { degrees: 0, isFlipped: false })).toBe("FLIPPED as presented, not turned so here");
    expect(turnNote(look, { degrees: 0, isFlipped: true })).toBeUndefined();
    expect(turnNote(lookOn(state({}), image), { degrees: 90, isFlipped: false })).toMatch(/^UPRIGHT/);
  });

  it("has a factor by which pixels are magnified; true size is said, for no screen tells its own", () => {
    const sized = (mode: string, more: Header = {}) => ({
      "0070005A": sq({
        ...{ "00700052": of("SL", 1, 1), "00700053": of("SL", 60, 40), "00700100": of("CS", mode) },
        ...more,
      }),
    });
    const magnified = state(sized("MAGNIFY", { "00700103": of("FL", 2) }));
    expect(presentedBy(magnified, on(ct("1.1", 0)), true).stance?.magnified).toBe(2);
    expect(notesBy(sized("TRUE SIZE"))).toEqual([
      "TRUE SIZE as presented: how large this screen is isn't known, fitted here",
    ]);
    expect(notesBy(sized("SCALE TO FIT", { "00700101": of("DS", 1, 1) }))).toEqual([
      "PIXELS of another shape as presented, of the image's own here",
    ]);
    expect(notesBy(sized("SCALE TO FIT", { "00700102": of("IS", 2, 1) }))).toEqual([]);
  });

  it("lies in layers, the lowest first, each with its own planes, drawings and words", () => {
    const layered: Header = {
      "00700001": sq(
        { "00700002": of("CS", "TOP"), "00700009": sq(drawing("POINT", "PIXEL", 1, 1)) },
        { "00700002": of("CS", "LOW"), "00700009": sq(drawing("POINT", "PIXEL", 2, 2)) },
      ),
      "00700060": sq(
        { "00700002": of("CS", "TOP"), "00700062": of("IS", 2) },
        { "00700002": of("CS", "LOW"), "00700062": of("IS", 1) },
      ),
      "60001001": of("CS", "LOW"),
      "60021001": of("CS", "TOP"),
    };
    const plane = (group: string): OverlayPlane => ({
      ...{ group, label: undefined, rows: 40, columns: 60, left: 0, top: 0, frames: 1, firstFrame: 1 },
      bits: new Uint8Array(300),
    });
    const parts = { ...NO_PARTS, planes: [plane("6000")] };
    // Of the image's own planes one is on a layer, one is of the state's own group, one is no part of it.
    const image = { modality: undefined, planes: [plane("6000"), plane("6002"), plane("6004")] };
    const look = lookOn(state(layered), on(ct("1.1", 0)), { parts, image });
    expect(look.layers.map(({ name, planes, drawn }) => [name, planes.length, drawn[0]?.path])).toEqual([
      ["LOW", 1, "M2 2h0"],
      ["TOP", 1, "M1 1h0"],
    ]);
    expect(look.layers[0]?.planes[0]?.plane).toBe(parts.planes[0]);
    expect(look.notes).toEqual(["1 of the image's own overlay planes left out, as presented"]);
  });

  it("hides by a plane of bits which it names", () => {
    const more = {
      ...{ "00181600": of("CS", "BITMAP"), "00181623": of("US", 0x6000), "00181622": of("US", 65_535) },
      "60003000": of("OW"),
    };
    const bits = { ...{ group: "6000", label: undefined, rows: 40, columns: 60, left: 0, top: 0 } };
    const planes = [{ ...bits, frames: 1, firstFrame: 1, bits: new Uint8Array(300) }];
    const image = { modality: undefined, planes: [] };
    const look = lookOn(state(more), on(ct("1.1", 0)), { parts: { ...NO_PARTS, planes }, image });
    expect(look.bitmap).toMatchObject({ at: 0, grey: 255 });
    expect([look.layers, look.notes]).toEqual([[], []]);
    expect(notesBy(more)).toEqual(["BITMAP SHUTTER not applied here", "1 overlay plane not drawn here"]);
  });

  it("puts words where their box begins, with a line to what they point at", () => {
    const words: Header = {
      ...{ "00700003": of("CS", "PIXEL"), "00700004": of("CS", "PIXEL") },
      "00700006": of("ST", "look here\r\nagain"),
      ...{ "00700010": of("FL", 5, 6), "00700014": of("FL", 20, 21), "00700015": of("CS", "Y") },
    };
    const said = lookOn(state(annotated([], [words])), on(ct("1.1", 0))).layers.flatMap(
      (layer) => layer.words,
    );
    const [at, anchor] = [
      { column: 5, row: 6 },
      { column: 20, row: 21 },
    ];
    expect(said).toEqual([{ lines: ["look here", "again"], at, end: at, anchor }]);
  });

  it("draws an annotation only on the images and frames that it names", () => {
    const only = annotated([drawing("POINT", "PIXEL", 3, 4)], [], { "00081140": sq(image("1.1", 2)) });
    expect(drawnIn(lookOn(state(only), on(ct("1.1", 0), 1)))).toEqual([]);
    expect(drawnIn(lookOn(state(only), on(ct("1.1", 0), 2)))).toHaveLength(1);
  });

  it("has its window in the image's own values: the state's modality transform is its own", () => {
    const voi = { "00283110": sq({ "00281050": of("DS", 1064), "00281051": of("DS", 400) }) };
    const windowBy = (more: Header) => lookOn(state({ ...voi, ...more }), on(ct("1.1", 0))).window;
    // Without one it counts in stored values.
    expect(windowBy({})).toEqual({ center: 40, width: 400 });
    expect(windowBy({ "00281052": of("DS", -1024), "00281053": of("DS", 1) })).toEqual({
      center: 1064,
      width: 400,
    });
    expect(windowBy({ "00281052": of("DS", 0), "00281053": of("DS", 2) })).toEqual({
      center: -492,
      width: 200,
    });
  });

  it("says of what isn't done that it isn't", () => {
    expect(notesBy({ "00283110": sq({ "00283010": sq({}) }) })).toEqual([
      "CURVE presented, not applied here: it isn't whole",
    ]);
    expect(notesBy({ "20500010": sq({}) })).toEqual(["PRESENTATION CURVE not applied here: it isn't whole"]);
    expect(notesBy({ "00700042": of("US", 45) })).toEqual([
      "TURNED as presented by what isn't a quarter, not turned here",
    ]);
    expect(notesBy(annotated([drawing("MULTIPOINT", "PIXEL", 1, 1)]))).toEqual(["1 drawing not drawn here"]);
    expect(lookOn(state({}, "1.2.840.10008.5.1.4.1.1.11.3"), on(ct("1.1", 0))).notes).toEqual([
      "COLOURS as presented, not applied here",
    ]);
  });

  it("draws a compound drawing by the simple ones of its number, and counts one that was sent without them", () => {
    const compound = (id: number) => ({ "00700226": of("UL", id), "00700294": of("CS", "RULER") });
    const simple = { ...drawing("POLYLINE", "PIXEL", 1, 1, 2, 2), "00700226": of("UL", 1) };
    const both = annotated([simple], [], { "00700209": sq(compound(1), compound(2)) });
    expect(drawnBy(both)).toHaveLength(1);
    expect(notesBy(both)).toEqual(["1 compound drawing not drawn here"]);
    expect(notesBy(annotated([simple], [], { "00700209": sq(compound(1)) }))).toEqual([]);
  });

  it("has its shutter", () => {
    const { shutter } = lookOn(
      state({
        "00181600": of("CS", "CIRCULAR"),
        ...{ "00181610": of("IS", 20, 30), "00181612": of("IS", 5), "00181622": of("US", 0) },
      }),
      on(ct("1.1", 0)),
    );
    expect(shutter?.paths).toHaveLength(1);
    expect(shutter?.paths[0]).toMatch(/^M0 0H60V40H0Z/);
  });

  it("is the chosen one where that speaks of the image, else the newest; none of another image", () => {
    const dated = (id: string, date: string, sop = "1.1") => ({
      ...state({ "00700082": of("DA", date), "00081115": series(image(sop)) }),
      instanceId: id,
    });
    const all = [dated("old", "20200101"), dated("new", "20260101"), dated("other", "20270101", "1.2")];
    const picture = on(ct("1.1", 0));
    expect(stateFor(all, undefined, picture)).toMatchObject({ state: { instanceId: "new" }, of: 2 });
    expect(stateFor(all, "old", picture)).toMatchObject({ state: { instanceId: "old" } });
    expect(stateFor(all, "other", picture)).toMatchObject({ state: { instanceId: "new" } });
    expect(stateFor(all, undefined, on(ct("1.7", 0)))).toBeUndefined();
  });

  it("is named by who presented it, and one that blends pictures isn't put on one", () => {
    const said = state({
      "00700080": of("CS", "TUMOUR"),
      "00700082": of("DA", "20261120"),
      "00700084": of("PN", { Alphabetic: "Okafor^Amara" }),
    });
    expect(nameOfState(said)).toBe("As presented by Amara Okafor, 2026-11-20: TUMOUR");
    expect(nameOfState(state({}))).toBe("As presented by somebody unnamed");
    expect(isApplicable(said)).toBe(true);
    expect(isApplicable(state({}, "1.2.840.10008.5.1.4.1.1.11.4"))).toBe(false);
  });
});

const SEG = "1.2.840.10008.5.1.4.1.1.66.4";
type Of = { segment: number; source?: Header; z?: number; x?: number; down?: number[] };
const functional = ({ segment, source, z, x = -10, down = [0, 1, 0] }: Of): Header => ({
  "0062000A": sq({ "0062000B": of("US", segment) }),
  ...(source ? { "00089124": sq({ "00082112": sq(source) }) } : {}),
  ...(z === undefined
    ? {}
    : {
        "00209113": sq({ "00200032": of("DS", x, -20, z) }),
        "00209116": sq({ "00200037": of("DS", 1, 0, 0, ...down) }),
      }),
});
const segment = (number: number, name: string, more: Header = {}): Header => ({
  "00620004": of("US", number),
  "00620005": of("LO", name),
  "00620008": of("CS", "AUTOMATIC"),
  ...more,
});
function segmentation(frames: Of[], more: Header = {}) {
  return segmentationOf(
    instance(
      {
        "00080018": of("UI", "8.1"),
        "00200052": of("UI", "1.9"),
        "00280010": of("US", 40),
        "00280011": of("US", 60),
        "00280100": of("US", 1),
        "00620001": of("CS", "BINARY"),
        "00620002": sq(segment(1, "Liver"), segment(2, "Spleen")),
        "52009229": sq({ "00289110": sq({ "00280030": of("DS", 2, 1) }) }),
        "52009230": sq(...frames.map(functional)),
        ...more,
      },
      frames.length,
      SEG,
    ),
  );
}

describe("a segmentation", () => {
  it("names its segments, with their own colours and who drew them", () => {
    const lab = of("US", 65_535, 32_896, 32_896);
    const named = segmentation([{ segment: 1 }], {
      "00620002": sq(segment(1, "Liver", { "0062000D": lab }), segment(2, "Spleen")),
    });
    expect(named.segments[0]).toEqual({
      number: 1,
      name: "Liver",
      how: "by a machine",
      rgb: [255, 255, 255],
    });
    expect(named.segments[1]?.rgb).not.toEqual(named.segments[0]?.rgb);
  });

  it("lies on the image that it was made of, and on no other of its series", () => {
    const seg = segmentation([
      { segment: 1, source: image("1.1"), z: 5 },
      { segment: 2, source: image("1.2"), z: 7 },
    ]);
    expect(layOn(seg, on(ct("1.1", 5)))).toMatchObject({ by: "source", laid: [{ frame: { segment: 1 } }] });
    expect(layOn(seg, on(ct("1.2", 7)))).toMatchObject({ by: "source", laid: [{ frame: { segment: 2 } }] });
    expect(layOn(seg, on(ct("1.3", 9)))).toEqual({ laid: [], by: undefined, elsewhere: 0 });
  });

  it("lies on the frame that it names, of an image that has many", () => {
    const seg = segmentation([{ segment: 1, source: image("1.1", 3) }]);
    expect(layOn(seg, on(ct("1.1", 5), 3)).laid).toHaveLength(1);
    expect(layOn(seg, on(ct("1.1", 5), 2)).laid).toHaveLength(0);
  });

  it("lies by its place on a frame of many where it names the image alone, and warns of none of the others", () => {
    const many = { ...ct("1.1", 5), frames: [1, 2].map(() => ({ offset: 0, length: 2 })) };
    const group = (z: number) => ({ "00209113": sq({ "00200032": of("DS", -10, -20, z) }) });
    const { "00200032": _place, ...header } = many.header;
    const enhanced = { ...many, header: { ...header, "52009230": sq(group(5), group(7)) } };
    const seg = segmentation([{ segment: 1, source: image("1.1"), z: 7 }]);
    expect(layOn(seg, on(enhanced, 1))).toEqual({ laid: [], by: "source", elsewhere: 0 });
    expect(layOn(seg, on(enhanced, 2)).laid).toHaveLength(1);
  });

  it("lies by position on a plane of the same frame of reference, and never of another", () => {
    const seg = segmentation([{ segment: 1, source: image("1.1"), z: 5 }]);
    expect(layOn(seg, on(ct("2.1", 5.05)))).toMatchObject({ by: "position", laid: [{}] });
    expect(layOn(seg, on(ct("2.1", 5.5))).laid).toEqual([]);
    expect(layOn(seg, on(ct("2.1", 5, { "00200052": of("UI", "1.8") }))).laid).toEqual([]);
  });

  it("is not drawn on its own image where that lies elsewhere, or is turned, or of another size", () => {
    const far = segmentation([{ segment: 1, source: image("1.1"), z: 5 }]);
    expect(layOn(far, on(ct("1.1", 9)))).toEqual({ laid: [], by: "source", elsewhere: 1 });
    const turned = segmentation([{ segment: 1, source: image("1.1"), z: 5, down: [0, 0, -1] }]);
    expect(layOn(turned, on(ct("1.1", 5))).elsewhere).toBe(1);
    const placeless = segmentation([{ segment: 1, source: image("1.1") }]);
    expect(layOn(placeless, on(ct("1.1", 5))).laid[0]?.matrix).toEqual([1, 0, 0, 1, 0, 0]);
    expect(layOn(placeless, on(ct("1.1", 5, { "00280010": of("US", 41) }))).elsewhere).toBe(1);
  });

  it("is placed by millimetres where its pixels are others than the image's", () => {
    const half = segmentation([{ segment: 1, source: image("1.1"), z: 5, x: -8 }], {
      "52009229": sq({ "00289110": sq({ "00280030": of("DS", 4, 2) }) }),
    });
    const [laid] = layOn(half, on(ct("1.1", 5))).laid;
    // Twice as large; its first pixel's middle is 2 mm to the right of the image's first, and level with it.
    expect(laid?.matrix).toEqual([2, 0, 0, 2, 1.5, -0.5]);
  });

  it("puts frames of one place on one canvas", () => {
    const seg = segmentation([
      { segment: 1, source: image("1.1"), z: 5 },
      { segment: 2, source: image("1.1"), z: 5 },
      { segment: 2, source: image("1.1"), z: 5, x: -9 },
    ]);
    expect(byPlace(layOn(seg, on(ct("1.1", 5))).laid).map(({ frames }) => frames.length)).toEqual([2, 1]);
  });

  it("leads to an image of its middle", () => {
    const seg = segmentation(
      [1, 2, 3].map((n) => ({ segment: 1, source: image(`1.${n}`) })),
      { "00081115": sq({ "0020000E": of("UI", "1.2"), "0008114A": sq(image("1.2")) }) },
    );
    expect(madeOf(seg)).toMatchObject({ seriesInstanceUid: "1.2", sopInstanceUid: "1.2", frame: 1 });
  });

  it("says why it can't be laid: with loss, in tiles, no segment named, too large", () => {
    const why = (more: Partial<ViewerInstance>, header: Header = {}) => {
      const { instance: made } = segmentation([{ segment: 1 }], header);
      return segmentationOf({ ...made, ...more }).why;
    };
    expect(why({})).toBeUndefined();
    // One bit a pixel is apart or deflated by the frame, and by no codec of images.
    expect(why({ transferSyntaxUid: "1.2.840.10008.1.2.8.1" })).toBeUndefined();
    expect(why({ transferSyntaxUid: "1.2.840.10008.1.2.5" })).toContain("compressed");
    expect(why({ transferSyntaxUid: "1.2.840.10008.1.2.2" })).toContain("byte order");
    const eight = { "00280100": of("US", 8), "00620001": of("CS", "FRACTIONAL") };
    expect(why({ transferSyntaxUid: "1.2.840.10008.1.2.5" }, eight)).toBeUndefined();
    expect(why({ transferSyntaxUid: "1.2.840.10008.1.2.4.50" }, eight)).toContain("with loss");
    expect(why({}, { "00480006": of("UL", 4000) })).toContain("tiles");
    expect(why({}, { "00209311": of("CS", "TILED_FULL") })).toContain("tiles");
    expect(why({}, { "52009230": sq({}) })).toContain("which segment");
    expect(why({}, { "00280010": of("US", 3000), "00280011": of("US", 3000) })).toContain("too large");
    expect(why({}, { "00280100": of("US", 8) })).toContain("pixels");
    const compressed = { ...segmentation([{ segment: 1, source: image("1.1") }]), why: "compressed" };
    expect(layOn(compressed, on(ct("1.1", 5))).laid).toEqual([]);
    expect(isSegmentation({ sopClassUid: "1.2.840.10008.5.1.4.1.1.30" })).toBe(false);
  });
});

describe("a label map", () => {
  const LABELS = "1.2.840.10008.5.1.4.1.1.66.7";
  const labelled = (more: Header = {}) => {
    const { instance: made } = segmentation([{ segment: 1, source: image("1.1"), z: 5 }], {
      "00280100": of("US", 8),
      "00620001": of("CS", "LABELMAP"),
      "52009230": sq({ "00089124": sq({ "00082112": sq(image("1.1")) }) }),
      ...more,
    });
    return segmentationOf({ ...made, sopClassUid: LABELS });
  };
  it("lies on the image that it was made of: no frame names a segment", () => {
    const seg = labelled();
    expect(seg).toMatchObject({ why: undefined, isLabelMap: true, bits: 8 });
    expect(layOn(seg, on(ct("1.1", 5))).laid).toMatchObject([{ frame: { segment: undefined } }]);
    expect(labelled({ "00280100": of("US", 1) }).why).toContain("pixels");
    expect(labelled({ "00280100": of("US", 16) }).why).toBeUndefined();
  });
  it("has in each pixel the number of its segment, painted in its colour unless it is hidden", () => {
    const size = { rows: 1, columns: 4 };
    const bytes = new Uint8Array(Uint16Array.of(0, 1, 300, 2).buffer);
    const values = valuesOf(bytes, { ...size, bits: 16 }, 1);
    expect([...values]).toEqual([0, 1, 300, 2]);
    const rgba = new Uint8ClampedArray(16);
    const found = paintLabels(
      rgba,
      values,
      new Map([
        [1, [9, 9, 9] as const],
        [300, [7, 7, 7] as const],
        [4, [5, 5, 5] as const],
      ]),
    );
    expect([...found]).toEqual([1, 300]);
    expect([...rgba]).toEqual([0, 0, 0, 0, 9, 9, 9, 255, 7, 7, 7, 255, 0, 0, 0, 0]);
  });
});

describe("the pixels of a segment", () => {
  const size = { rows: 3, columns: 3, bits: 1 };
  it("are bits from the lowest on, where a frame may begin inside a byte", () => {
    // Two frames of nine bits: the first has its first and last pixel, the second its first two.
    const bits = new Uint8Array([0b0000_0001, 0b0000_0111, 0]);
    expect([...valuesOf(bits.subarray(0, 2), size, 1)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect([...valuesOf(bits.subarray(1, 3), size, 2)]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("are those of a fraction at or above half of the most", () => {
    const { threshold, thresholdText } = segmentation([{ segment: 1 }], {
      "00280100": of("US", 8),
      "00620001": of("CS", "FRACTIONAL"),
      "00620010": of("CS", "PROBABILITY"),
      "0062000E": of("US", 200),
    });
    expect([threshold, thresholdText]).toEqual([100, "drawn where at least half probable"]);
    const rgba = new Uint8ClampedArray(36);
    const bytes = new Uint8Array([0, 99, 100, 200, 0, 0, 0, 0, 0]);
    paint(rgba, valuesOf(bytes, { ...size, bits: 8 }, 1), threshold, [1, 1, 1]);
    expect([3, 7, 11, 15, 19].map((at) => rgba[at])).toEqual([0, 0, 255, 255, 0]);
  });

  it("are refused when bytes are missing, and painted only inside", () => {
    expect(() => valuesOf(new Uint8Array(1), size, 1)).toThrow(RangeError);
    const rgba = new Uint8ClampedArray(8);
    paint(rgba, new Uint8Array([0, 1]), 1, [1, 2, 3]);
    expect([...rgba]).toEqual([0, 0, 0, 0, 1, 2, 3, 255]);
  });
});

describe("a colour that an object asks for", () => {
  const encoded = (l: number, a: number, b: number) => [
    (l / 100) * 65_535,
    ((a + 128) / 255) * 65_535,
    ((b + 128) / 255) * 65_535,
  ];
  it.each([
    ["white", encoded(100, 0, 0), [255, 255, 255]],
    ["black", encoded(0, 0, 0), [0, 0, 0]],
    ["red", encoded(54.29, 80.81, 69.89), [255, 0, 0]],
    ["blue", encoded(29.57, 68.3, -112.03), [0, 0, 255]],
  ])("%s", (_, lab, expected) => {
    const rgb = rgbOfLab(lab) ?? [];
    for (const [at, part] of expected.entries()) expect(Math.abs((rgb[at] ?? -9) - part)).toBeLessThan(3);
  });
  it("none is no colour", () => expect(rgbOfLab([])).toBeUndefined());
});
