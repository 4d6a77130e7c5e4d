import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  type DicomJson,
  number,
  numbers,
  type Part10Object,
  readPart10,
  sequence,
  text,
  texts,
} from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BTO,
  ctLookOf,
  type DemoFile,
  demoFiles,
  demoPatients,
  demoStudies,
  filesOf,
  frameOf,
  SHORT_OF,
} from "./index.ts";

const run = promisify(execFile);

/** What tests need of a file; the bytes only where they are looked at. */
type Seen = { file: Omit<DemoFile, "bytes">; object: Part10Object; pixels: Uint8Array; shape: string };

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Which attributes are there, and which have values: files of one shape are valid or invalid together. */
function shapeOf(dataset: DicomJson): string {
  const parts = Object.entries(dataset).map(([tag, { vr, Value }]) => {
    const items = vr === "SQ" ? (Value ?? []).map((item) => shapeOf((item ?? {}) as DicomJson)) : [];
    return `${tag}${Value ? "+" : ""}${[...new Set(items)].join(",")}`;
  });
  const coded = ["00080016", "00080060", "00185101", "00200062"].map((tag) => text(dataset, tag) ?? "");
  return sha256(Buffer.from([...parts, ...coded].join(";")));
}

const seen: Seen[] = [];
const messages: { file: Omit<DemoFile, "bytes">; text: string }[] = [];
const shapes = new Map<string, { path: string; bytes: Uint8Array }>();

/** Frames that tests look into; the rest of the pixels is let go. */
const isLookedAt = (path: string) => /-0001(\.|-)|-1-again|-0033\./.test(path);

beforeAll(async () => {
  for (const { bytes, ...file } of demoFiles("small")) {
    if (file.kind === "hl7") {
      messages.push({ file, text: Buffer.from(bytes).toString("utf8") });
      continue;
    }
    const object = await readPart10(once(bytes));
    const shape = shapeOf(object.dataset);
    if (!shapes.has(shape)) shapes.set(shape, { path: file.path, bytes });
    seen.push({ file, object, shape, pixels: isLookedAt(file.path) ? bytes : new Uint8Array() });
  }
}, 300_000);

/** A few files of each study: a slice more would tell no more. */
function firstOf(study: (typeof demoStudies)[number]): DemoFile[] {
  const files = filesOf(study);
  return Array.from({ length: 5 }, () => files.next()).flatMap(({ value }) => (value ? [value] : []));
}

const of = (study: string) => seen.filter(({ file }) => file.study === study);
const studyOf = (key: string) => {
  const found = demoStudies.find((study) => study.key === key);
  if (!found) throw new Error(`no study ${key}`);
  return found;
};
const withModality = (modality: string) =>
  seen.filter(({ object }) => text(object.dataset, "00080060") === modality);

function at(one: Seen | undefined, path: RegExp): Seen {
  if (!one) throw new Error(`no file ${path}`);
  return one;
}
const fileAt = (path: RegExp): Seen =>
  at(
    seen.find(({ file }) => path.test(file.path)),
    path,
  );

/** Stored values of a grey 16-bit frame, rescaled where the object says how. */
function valueAt({ object, pixels }: Seen, x: number, y: number): number {
  const { dataset } = object;
  const columns = number(dataset, "00280011") ?? 0;
  const rows = number(dataset, "00280010") ?? 0;
  const index = Math.floor(y * rows) * columns + Math.floor(x * columns);
  const stored = Buffer.from(pixels).readUInt16LE((object.pixelData?.frames[0]?.offset ?? 0) + index * 2);
  return stored * (number(dataset, "00281053") ?? 1) + (number(dataset, "00281052") ?? 0);
}

const meanOf = (one: Seen, from: number, to: number) => {
  const values = Array.from({ length: 40 }, (_, step) => valueAt(one, from + ((to - from) * step) / 40, 0.5));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

describe("every file of the demonstration", () => {
  it("is read without any deviation, and says whose and when it is", () => {
    expect(seen.length).toBeGreaterThan(500);
    for (const { file, object } of seen) {
      expect(object.deviations, file.path).toEqual([]);
      for (const tag of [
        "00080016",
        "00080018",
        "0020000D",
        "0020000E",
        "00100020",
        "00080020",
        "00080050",
        "00080060",
      ])
        expect(text(object.dataset, tag), `${file.path} ${tag}`).toBeDefined();
    }
  });

  it("has a UID of its own, but for the copies that were made to have the same", () => {
    const uids = new Map<string, string[]>();
    for (const { file, object } of seen) {
      const uid = text(object.dataset, "00080018") ?? "";
      expect(uid).toMatch(/^2\.25\.[1-9][0-9]*$/);
      uids.set(uid, [...(uids.get(uid) ?? []), file.path]);
    }
    const shared = [...uids.values()].filter((paths) => paths.length > 1);
    expect(shared.map((paths) => paths.map((one) => path.basename(one)))).toEqual([
      ["pa-0001.dcm", "pa-1-again.dcm"],
      ["axial-0001.dcm", "axial-1-again.dcm"],
    ]);
  });

  it("comes from all five trusts, over several years", () => {
    expect(new Set(seen.map(({ file }) => file.custodian))).toEqual(
      new Set(["RTK", "RXC", "RPC", "RA2", "RYR"]),
    );
    const years = seen.map(({ object }) => Number(text(object.dataset, "00080020")?.slice(0, 4)));
    expect(Math.max(...years) - Math.min(...years)).toBeGreaterThanOrEqual(5);
  });

  it("is the same, byte for byte, in another process, another time zone and another order", {
    timeout: 180_000,
  }, async () => {
    const keys = [
      "hollis-cxr-2019",
      "petrova-knees",
      "duffield-mg-now",
      "wang-mr",
      "moreau-us",
      "beaumont-ct-head",
    ];
    const sums = (order: readonly string[]) =>
      Object.fromEntries(
        order.flatMap((key) => firstOf(studyOf(key)).map(({ path: at, bytes }) => [at, sha256(bytes)])),
      );
    const script = path.join(import.meta.dirname, "print-sums.mjs");
    const { stdout } = await run(process.execPath, ["--import", "tsx", script, ...keys.toReversed()], {
      env: { ...process.env, TZ: "Pacific/Auckland" },
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(JSON.parse(stdout)).toEqual(sums(keys));
  });
});

describe("images that look like what they are", () => {
  it.each([
    ["DX", /hollis-cxr-2024\/pa-0001/],
    ["CR", /hollis-cxr-2019\/pa-0001/],
  ])("chest %s: dark lungs, a bright heart on the patient's left, ribs over the lung", (modality, where) => {
    const chest = fileAt(where);
    expect(text(chest.object.dataset, "00080060")).toBe(modality);
    expect(texts(chest.object.dataset, "00200020")).toEqual(["L", "F"]);
    const [rightLung, leftLung] = [valueAt(chest, 0.25, 0.3), valueAt(chest, 0.75, 0.35)];
    const soft = valueAt(chest, 0.3, 0.85);
    expect(rightLung).toBeLessThan(soft - 500);
    expect(leftLung).toBeLessThan(soft - 500);
    expect(valueAt(chest, 0.62, 0.6)).toBeGreaterThan(valueAt(chest, 0.38, 0.6) + 500);
    const down = Array.from({ length: 200 }, (_, step) => valueAt(chest, 0.28, 0.3 + step * 0.0015));
    // Posterior and anterior ribs: along the lung it is bright and dark by turns.
    const smoothed = down.map(
      (_, index) => down.slice(index, index + 6).reduce((sum, value) => sum + value, 0) / 6,
    );
    const [low, high] = [Math.min(...smoothed.slice(0, 190)), Math.max(...smoothed.slice(0, 190))];
    const middle = (low + high) / 2;
    const crossings = smoothed
      .slice(1, 190)
      .filter((value, index) => value > middle !== (smoothed[index] ?? 0) > middle);
    expect(high - low).toBeGreaterThan(100);
    expect(crossings.length).toBeGreaterThanOrEqual(6);
  });

  it("CT of the head and of the chest: air, lung, brain and bone in Hounsfield units", () => {
    const head = fileAt(/beaumont-ct-head\/axial-0033/);
    expect(text(head.object.dataset, "00281054")).toBe("HU");
    expect(Math.abs(valueAt(head, 0.05, 0.05) + 1000)).toBeLessThan(40);
    expect(valueAt(head, 0.55, 0.65)).toBeGreaterThan(10);
    expect(valueAt(head, 0.55, 0.65)).toBeLessThan(60);
    const across = Array.from({ length: 150 }, (_, step) => valueAt(head, 0.1 + step * 0.004, 0.49));
    expect(Math.max(...across)).toBeGreaterThan(800);
    expect(valueAt(head, 0.37, 0.42)).toBeGreaterThan(50);
    const chest = fileAt(/hollis-ct-chest\/axial-0033/);
    expect(Math.abs(valueAt(chest, 0.32, 0.6) + 840)).toBeLessThan(120);
    expect(valueAt(chest, 0.46, 0.7)).toBeGreaterThan(200);
  });

  it.each(["small", "large"] as const)("CT (%s) has 60 to 300 slices", (size) => {
    for (const study of demoStudies.filter(({ kind }) => kind === "ct-head" || kind === "ct-chest")) {
      const { slices } = ctLookOf(study, size);
      expect(slices).toBeGreaterThanOrEqual(60);
      expect(slices).toBeLessThanOrEqual(300);
    }
  });

  it("CT slices lie one above the other, as far apart as they are thick", () => {
    const slices = of("beaumont-ct-head").filter(({ object }) => text(object.dataset, "00080060") === "CT");
    expect(slices).toHaveLength(60);
    const heights = slices.map(({ object }) => numbers(object.dataset, "00200032")[2] ?? 0);
    const thick = number(slices[0]?.object.dataset ?? {}, "00180050") ?? 0;
    for (const [index, height] of heights.slice(1).entries())
      expect(height - (heights[index] ?? 0)).toBeCloseTo(thick, 2);
  });

  it("MR has several sequences of one anatomy: liquor dark in T1 and FLAIR, bright in T2", async () => {
    const files = [...filesOf(studyOf("wang-mr"))].filter(({ path: at }) => /-0015\.dcm$/.test(at));
    const series = await Promise.all(
      files.map(async ({ bytes, path: at }) => {
        const object = await readPart10(once(bytes));
        const one = {
          file: { path: at, custodian: "", kind: "dicom", study: "" },
          object,
          pixels: bytes,
          shape: "",
        } as const;
        return [text(object.dataset, "0008103E"), valueAt(one, 0.465, 0.47), valueAt(one, 0.5, 0.7)] as const;
      }),
    );
    const liquorLessBrain = Object.fromEntries(
      series.map(([name, liquor, brain]) => [name ?? "", liquor - brain]),
    );
    expect(Object.keys(liquorLessBrain).sort()).toEqual(["FLAIR axial", "T1 axial", "T2 axial"]);
    expect(liquorLessBrain["T1 axial"]).toBeLessThan(-100);
    expect(liquorLessBrain["FLAIR axial"]).toBeLessThan(-100);
    expect(liquorLessBrain["T2 axial"]).toBeGreaterThan(100);
    expect(new Set(of("wang-mr").map(({ object }) => text(object.dataset, "0020000E"))).size).toBe(3);
    expect(new Set(of("wang-mr").map(({ object }) => text(object.dataset, "00200052"))).size).toBe(1);
  });

  it.each([
    ["R", "CC", ["P", "L"]],
    ["L", "CC", ["A", "R"]],
    ["R", "MLO", ["P", "FL"]],
    ["L", "MLO", ["A", "FR"]],
  ] as const)(
    "mammogram %s %s: laterality, view and orientation agree with the picture",
    (side, view, orientation) => {
      for (const study of ["duffield-mg-2023", "duffield-mg-now", "carrington-mg-2023"]) {
        const one = at(
          of(study).find(({ file }) => file.path.endsWith(`/${side}${view}-0001.dcm`)),
          /mammogram/,
        );
        const { dataset } = one.object;
        expect(text(dataset, "00200062")).toBe(side);
        expect(text(dataset, "00185101")).toBe(view);
        const [coded] = sequence(dataset, "00540220");
        expect(coded && text(coded, "00080104")).toBe(
          view === "CC" ? "cranio-caudal" : "medio-lateral oblique",
        );
        expect(texts(dataset, "00200020")).toEqual(orientation);
        // The chest wall stands at the edge that the nipple looks away from.
        const [left, right] = [meanOf(one, 0.02, 0.2), meanOf(one, 0.8, 0.98)];
        expect(side === "L" ? left > right + 300 : right > left + 300).toBe(true);
        expect(of(study)).toHaveLength(4);
      }
    },
  );

  it("a mammogram has a prior of the same patient, four views each", () => {
    const [prior, now] = ["duffield-mg-2023", "duffield-mg-now"].map(
      (key) => of(key)[0]?.object.dataset ?? {},
    );
    expect(text(prior ?? {}, "00100020")).toBe(text(now ?? {}, "00100020"));
    const days = studyOf("duffield-mg-2023").daysAgo - studyOf("duffield-mg-now").daysAgo;
    expect(days).toBeGreaterThan(365);
  });

  it("tomosynthesis: a stack of slabs with their thickness, in which the mass is sharp in the middle", () => {
    const views = of("ellery-mg-tomo").filter(
      ({ object }) => text(object.dataset, "00080016") === "1.2.840.10008.5.1.4.1.1.13.1.3",
    );
    expect(views.map(({ object }) => text(object.dataset, "00200062"))).toEqual(["R", "L", "R", "L"]);
    for (const { object } of views) {
      expect(object.pixelData?.numberOfFrames).toBe(BTO.frames);
      const [shared] = sequence(object.dataset, "52009229");
      const [measures] = shared ? sequence(shared, "00289110") : [];
      expect(measures && number(measures, "00180050")).toBe(BTO.thicknessMm);
    }
    const left = fileAt(/ellery-mg-tomo\/LCC-tomo-0001/);
    const bytes = Buffer.from(left.pixels);
    const inSlab = (slab: number) => {
      const start = left.object.pixelData?.frames[slab - 1]?.offset ?? 0;
      return bytes.readUInt16LE(start + (Math.round(0.38 * BTO.rows) * BTO.columns + 0.44 * BTO.columns) * 2);
    };
    expect(inSlab(5)).toBeGreaterThan(inSlab(1) + 400);
    expect(inSlab(5)).toBeGreaterThan(inSlab(9) + 400);
  });

  it("2D images computed from it say so, and no other was exposed", () => {
    const flat = of("ellery-mg-tomo").filter(
      ({ object }) => text(object.dataset, "00080016") === "1.2.840.10008.5.1.4.1.1.1.2",
    );
    expect(flat.map(({ object }) => texts(object.dataset, "00080008").at(-1))).toEqual(
      Array.from({ length: 4 }, () => "GENERATED_2D"),
    );
  });

  it("implants: each view again with the implant displaced, one magnified, and a specimen that says no view", () => {
    const modifiers = of("ellery-mg-implants").map(({ object }) => {
      const [view] = sequence(object.dataset, "00540220");
      const [modifier] = view ? sequence(view, "00540222") : [];
      return (modifier && text(modifier, "00080104")) ?? (view && text(view, "00080104"));
    });
    expect(modifiers).toEqual([
      ...["cranio-caudal", "cranio-caudal", "medio-lateral oblique", "medio-lateral oblique"],
      ...Array.from({ length: 4 }, () => "Implant Displaced"),
      ...["Magnification", "tissue specimen from breast"],
    ]);
    const [plain, displaced] = ["LCC", "LCC-id"].map((name) =>
      fileAt(new RegExp(`ellery-mg-implants/${name}-0001`)),
    );
    const behind = (one: Seen | undefined) => (one ? valueAt(one, 0.15, 0.48) : 0);
    expect(behind(plain)).toBeGreaterThan(behind(displaced) + 700);
  });

  it("ultrasound is a cine in colour, with its frame time and the region in which lengths are true", () => {
    const { object, pixels } = fileAt(/ahmed-us\/cine-0001/);
    const { dataset, pixelData } = object;
    expect(pixelData?.numberOfFrames).toBeGreaterThanOrEqual(20);
    expect(number(dataset, "00181063")).toBeGreaterThan(0);
    expect(sequence(dataset, "00186011")).toHaveLength(1);
    expect(text(dataset, "00280004")).toBe("RGB");
    const frames = (pixelData?.frames ?? []).map(({ offset, length }) =>
      pixels.subarray(offset, offset + length),
    );
    expect(new Set(frames.map(sha256)).size).toBe(frames.length);
    const isRed = (frame: Uint8Array) =>
      Array.from({ length: frame.length / 3 }, (_, pixel) => pixel * 3).some(
        (index) => (frame[index] ?? 0) > 80 && (frame[index] ?? 0) > 1.5 * (frame[index + 1] ?? 0) + 40,
      );
    expect(frames.some(isRed)).toBe(true);
  });

  it("the cine in RLE unpacks to the frames that were drawn", () => {
    const { object, pixels } = fileAt(/moreau-us\/cine-0001/);
    expect(object.transferSyntaxUid).toBe("1.2.840.10008.1.2.5");
    const [first] = object.pixelData?.frames ?? [];
    if (!first) throw new Error("no frame");
    const unpacked = unpackRle(pixels.subarray(first.offset, first.offset + first.length));
    expect(sha256(unpacked)).toBe(sha256(frameOf(studyOf("moreau-us"), 0)));
  });

  it("the dose report says its product, by template 10011, in the study of the CT", () => {
    const [dose] = of("beaumont-ct-head").filter(({ object }) => text(object.dataset, "00080060") === "SR");
    const dataset = dose?.object.dataset ?? {};
    expect(text(dataset, "00080016")).toBe("1.2.840.10008.5.1.4.1.1.88.67");
    expect(sequence(dataset, "0040A504").map((item) => text(item, "0040DB00"))).toEqual(["10011"]);
    expect(text(dataset, "0020000D")).toBe(text(of("beaumont-ct-head")[0]?.object.dataset ?? {}, "0020000D"));
    const said = JSON.stringify(dataset);
    expect(said).toContain("CT Dose Length Product Total");
    expect(said).toContain("912.4");
  });
});

/** PackBits of three colour planes. @see DICOM PS3.5 §G */
function unpackRle(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const starts = Array.from({ length: view.getUint32(0, true) }, (_, index) =>
    view.getUint32(4 + index * 4, true),
  );
  const planes = starts.map((start, index) => {
    const out: number[] = [];
    for (let from = start; from < (starts[index + 1] ?? frame.length); ) {
      const control = view.getInt8(from);
      from += 1;
      if (control >= 0) {
        out.push(...frame.subarray(from, from + control + 1));
        from += control + 1;
      } else if (control > -128) {
        out.push(...Array.from({ length: 1 - control }, () => frame[from] ?? 0));
        from += 1;
      }
    }
    return out;
  });
  const [red = [], green = [], blue = []] = planes;
  return Uint8Array.from({ length: green.length * 3 }, (_, index) => {
    const plane = [red, green, blue][index % 3] ?? [];
    return plane[Math.floor(index / 3)] ?? 0;
  }).subarray(0, 320 * 240 * 3);
}

const nhsNumberOf = (dataset: DicomJson) =>
  sequence(dataset, "00101002")
    .filter((other) => text(other, "00100021") === "NHS")
    .map((other) => text(other, "00100020"))[0];

describe("people of the demonstration", () => {
  it("who moved between trusts have other local numbers and one NHS number", () => {
    const inTrust = new Map<string, Set<string>>();
    for (const { file, object } of seen) {
      const nhs = nhsNumberOf(object.dataset);
      if (!nhs) continue;
      const numbers = inTrust.get(nhs) ?? new Set();
      inTrust.set(nhs, numbers.add(`${file.custodian} ${text(object.dataset, "00100020")}`));
    }
    const moved = [...inTrust.values()].filter((numbers) => numbers.size > 1);
    expect(moved.length).toBeGreaterThanOrEqual(5);
    for (const numbers of moved)
      expect(new Set([...numbers].map((one) => one.split(" ")[1])).size).toBe(numbers.size);
  });

  it("two different people share a local number in two trusts", () => {
    const [a, b] = ["marsh-chest", "underhill-chest"].map((key) => of(key)[0]);
    expect(text(a?.object.dataset ?? {}, "00100020")).toBe(text(b?.object.dataset ?? {}, "00100020"));
    expect(a?.file.custodian).not.toBe(b?.file.custodian);
    for (const read of [nhsNumberOf, (dataset: DicomJson) => text(dataset, "00100030")])
      expect(read(a?.object.dataset ?? {})).not.toBe(read(b?.object.dataset ?? {}));
  });

  it("one has no NHS number, one is sensitive, and both have images", () => {
    expect(nhsNumberOf(of("moreau-us")[0]?.object.dataset ?? {})).toBeUndefined();
    const sensitive = demoPatients.filter((patient) => patient.sensitive);
    expect(sensitive).toHaveLength(1);
    const studies = demoStudies.filter(({ patient }) => patient === sensitive[0]?.key);
    expect(studies.flatMap(({ key }) => of(key)).length).toBeGreaterThan(0);
  });

  it("NHS numbers are of the range kept for tests, valid by modulus 11, and each somebody's own", () => {
    const issued = demoPatients.flatMap(({ nhsNumber }) => (nhsNumber ? [nhsNumber] : []));
    expect(new Set(issued).size).toBe(issued.length);
    for (const nhsNumber of issued) {
      expect(nhsNumber).toMatch(/^999[0-9]{7}$/);
      const sum = [...nhsNumber]
        .slice(0, 9)
        .reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
      expect((11 - (sum % 11)) % 11).toBe(Number(nhsNumber[9]));
    }
  });

  it("names outside ASCII are in UTF-8, with their ideographs", () => {
    const name = of("wang-mr")[0]?.object.dataset["00100010"]?.Value?.[0];
    expect(name).toEqual({ Alphabetic: "Wang^Xiaoming", Ideographic: "王^小明" });
    expect(of("zielinski-cxr")[0]?.object.dataset["00100010"]?.Value?.[0]).toEqual({
      Alphabetic: "Zieliński^Łukasz",
    });
  });
});

describe("what may go wrong, on purpose", () => {
  it.each(["small", "large"] as const)(
    "one study (%s) is short of its slices, and the source says how many it made",
    (size) => {
      const { sent, slices } = ctLookOf(studyOf("osei-ct-short"), size);
      expect({ sent, made: slices }).toEqual(SHORT_OF[size]);
      if (size === "large") return;
      const files = of("osei-ct-short");
      expect(files).toHaveLength(sent);
      expect(number(files[0]?.object.dataset ?? {}, "00201002")).toBe(slices);
    },
  );

  const sidesOf = (key: string) => {
    const dataset = of(key)[0]?.object.dataset ?? {};
    const [region] = sequence(dataset, "00082218");
    const [modifier] = region ? sequence(region, "00082220") : [];
    return {
      image: text(dataset, "00200062"),
      series: text(dataset, "00200060"),
      anatomy: modifier && text(modifier, "00080104"),
      orientation: texts(dataset, "00200020"),
      sopClass: text(dataset, "00080016"),
    };
  };

  it("sides in conflict, absent, both in one image, reversed, flipped", () => {
    expect(sidesOf("petrova-conflict")).toMatchObject({ image: "R", anatomy: "Left" });
    expect(sidesOf("petrova-absent")).toMatchObject({
      image: undefined,
      series: undefined,
      anatomy: undefined,
    });
    expect(sidesOf("petrova-knees")).toMatchObject({ image: "B" });
    expect(sidesOf("petrova-reversed")).toMatchObject({
      image: "R",
      anatomy: "Right",
      orientation: ["R", "F"],
    });
    expect(sidesOf("petrova-capture")).toMatchObject({
      orientation: [],
      sopClass: "1.2.840.10008.5.1.4.1.1.7",
    });
  });

  it("the fibula is lateral, so that the picture shows the side that it is of", () => {
    const below = 0.8;
    const both = fileAt(/petrova-knees\/ap-0001/);
    // Two knees: the fibulae look outwards.
    expect(valueAt(both, 0.155, below)).toBeGreaterThan(valueAt(both, 0.385, below) + 300);
    expect(valueAt(both, 0.845, below)).toBeGreaterThan(valueAt(both, 0.615, below) + 300);
    // Reversed: the right knee with the patient's right at the right of the picture.
    const reversed = fileAt(/petrova-reversed\/ap-0001/);
    expect(valueAt(reversed, 0.624, below)).toBeGreaterThan(valueAt(reversed, 0.376, below) + 300);
  });

  it("an alternate has the same pixels and another header; a conflict has other pixels", () => {
    const pair = (key: string, name: string) => [
      fileAt(new RegExp(`${key}/${name}-0001`)),
      fileAt(new RegExp(`${key}/${name}-1-again`)),
    ];
    const [first, again] = pair("fenwick-chest-2", "pa");
    expect(again?.object.pixelData?.sha256).toBe(first?.object.pixelData?.sha256);
    expect(again?.object.sha256Received).not.toBe(first?.object.sha256Received);
    const [sent, other] = pair("gray-ct", "axial");
    expect(other?.object.pixelData?.sha256).not.toBe(sent?.object.pixelData?.sha256);
  });

  it("reports are preliminary, final, with an addendum, missing, and one of somebody else", () => {
    const reports = (key: string) =>
      messages.filter(({ file, text: said }) => file.study === key && said.includes("ORU^R01"));
    const statusOf = (message: string) =>
      message
        .split("\r")
        .find((line) => line.startsWith("OBR"))
        ?.split("|")[25];
    expect(reports("hollis-ct-chest").map(({ text: said }) => statusOf(said))).toEqual(["P"]);
    expect(reports("hollis-cxr-2024").map(({ text: said }) => statusOf(said))).toEqual(["F"]);
    expect(reports("whitaker-ct").map(({ text: said }) => statusOf(said))).toEqual(["F", "A"]);
    expect(reports("hollis-cxr-now")).toEqual([]);
    const [foreign] = reports("barlow-chest");
    const barlow = of("barlow-chest")[0]?.object.dataset ?? {};
    expect(foreign?.text).not.toContain(text(barlow, "00100020"));
  });
});

describe("valid by dciodvfy", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-phantoms-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("no error in any shape of file that the demonstration has", { timeout: 180_000 }, async () => {
    try {
      await run("dciodvfy", ["-version"]).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") throw error;
      });
    } catch {
      console.log("LEFT OUT phantoms valid by dciodvfy: dciodvfy");
      return;
    }
    expect(shapes.size).toBeGreaterThanOrEqual(15);
    let checked = 0;
    for (const { path: at, bytes } of shapes.values()) {
      const file = path.join(folder, "object.dcm");
      writeFileSync(file, bytes);
      const said = await run("dciodvfy", [file]).then(
        ({ stdout, stderr }) => stdout + stderr,
        ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
      );
      // It names the class of what it could judge.
      expect(said, at).not.toBe("");
      expect(
        said.split("\n").filter((line) => line.startsWith("Error")),
        at,
      ).toEqual([]);
      checked += 1;
    }
    console.log(`dciodvfy: ${checked} shapes of ${seen.length} phantoms checked`);
  });

  it("every modality is among them", () => {
    for (const modality of ["DX", "CR", "CT", "MR", "MG", "US", "SR"])
      expect(withModality(modality).length, modality).toBeGreaterThan(0);
  });
});
