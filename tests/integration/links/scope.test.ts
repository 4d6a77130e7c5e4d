import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import type { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasetOf, dicom, rows, type Said, sendAll, studyIdOf } from "../sent.ts";
import { opened, openRegion, somebody } from "./patient.ts";

/** A patient's links may ask for ten codes in an hour. */
const RUNS = 8;
const FRAMES = 3;
const FRAME_BYTES = 32;
const one = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });

type Image = { studyId: string; seriesId: string; instanceId: string; greys: number[] };
type Scopes = Parameters<typeof Consent.share>[1]["scopes"];
type Shown = { images: Map<string, readonly number[]>; whole: Set<string> };

describe("whatever a link names", () => {
  let region: Region;
  let staff: Ctx;
  let world: Image[];
  let mine: string[];
  let patientId: string;

  /** Two series of two images of three frames, each frame of one grey that no other in the region has. */
  let grey = 100;
  async function send(of: Said): Promise<{ studyId: string; images: Image[] }> {
    const study = mintUid();
    const series = [mintUid(), mintUid()] as const;
    const greysOf = new Map<string, number[]>();
    const files = series.flatMap((seriesUid, at) =>
      [1, 2].map((number) => {
        const greys = Array.from({ length: FRAMES }, () => {
          grey += 1;
          return grey;
        });
        greysOf.set(`${at}/${number}`, greys);
        const more = {
          "00080016": one("UI", "1.2.840.10008.5.1.4.1.1.7.2"),
          "00280008": one("IS", String(FRAMES)),
          "0020000E": one("UI", seriesUid),
          "00200011": one("IS", String(at + 1)),
        };
        const dataset = datasetOf({ study, series: seriesUid, of, number, counted: 2, more });
        const pixelData = Uint8Array.from(greys.flatMap((value) => Array<number>(FRAME_BYTES).fill(value)));
        return dicom(writePart10({ dataset, pixelData, transferSyntaxUid: EXPLICIT_LITTLE }));
      }),
    );
    await sendAll(region, "RXC", ...files);
    await region.cloud.tick("SettleSeries");
    await region.cloud.tick("DrawPictures");
    await region.drain();
    const studyId = await studyIdOf(region, study);
    const found = await rows<{ seriesId: string; instanceId: string; uid: string; number: number }>(
      region,
      'SELECT e.id::text AS "seriesId", i.id::text AS "instanceId", e.series_instance_uid AS uid, i.instance_number AS number FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = $1::uuid',
      studyId,
    );
    expect(found).toHaveLength(4);
    const images = found.map(({ seriesId, instanceId, uid, number }) => ({
      ...{ studyId, seriesId, instanceId },
      greys: greysOf.get(`${series[0] === uid ? 0 : 1}/${number}`) ?? [],
    }));
    return { studyId, images };
  }

  beforeAll(async () => {
    ({ region, staff } = await openRegion());
    const of = somebody();
    const own = [await send(of), await send(of)];
    const strangers = await send(somebody());
    world = [...own, strangers].flatMap(({ images }) => images);
    mine = own.map(({ studyId }) => studyId);
    const [found] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      mine[0],
    );
    patientId = found?.id ?? "";
  });
  afterAll(() => region.stop());

  const someFrames = fc.subarray([1, 2, 3], { minLength: 0 });
  /** By places, as ids are known only once the region stands. */
  const anyPart = fc.oneof(
    fc.constant({ kind: "study" } as const),
    fc.record({ kind: fc.constant("series" as const), series: fc.subarray([0, 1], { minLength: 1 }) }),
    fc.record({
      kind: fc.constant("images" as const),
      images: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
      frames: fc.tuple(someFrames, someFrames, someFrames, someFrames),
    }),
  );
  const anyLink = fc
    .tuple(fc.option(anyPart, { nil: undefined }), fc.option(anyPart, { nil: undefined }))
    .filter((parts) => parts.some((part) => part !== undefined));
  /** Of each kind one is always among them: by chance alone a run may have none. */
  const EXAMPLES: [(Part | undefined)[]][] = [
    [[{ kind: "series", series: [0] }, undefined]],
    [[undefined, { kind: "images", images: [0, 3], frames: [[2], [], [], []] }]],
    [[{ kind: "study" }, { kind: "series", series: [1] }]],
  ];
  type Part = typeof anyPart extends fc.Arbitrary<infer T> ? T : never;

  const imagesOf = (studyId: string) => world.filter((image) => image.studyId === studyId);
  const seriesOf = (studyId: string) => [...new Set(imagesOf(studyId).map(({ seriesId }) => seriesId))];

  function scopeOf(studyId: string, part: Part): Scopes[number] {
    if (part.kind === "study") return { studyId, shows: { kind: "study" } };
    if (part.kind === "series") {
      const seriesIds = part.series.map((at) => seriesOf(studyId)[at] ?? "");
      return { studyId, shows: { kind: "series", seriesIds } };
    }
    const images = part.images.map((at) => ({
      instanceId: imagesOf(studyId)[at]?.instanceId ?? "",
      frames: part.frames[at] ?? [],
    }));
    return { studyId, shows: { kind: "images", images } };
  }

  /** What it may show, reckoned from what was asked for alone. */
  function expected(scopes: Scopes): Shown {
    const shown: Shown = { images: new Map(), whole: new Set() };
    for (const { studyId, shows } of scopes)
      for (const { seriesId, instanceId, greys } of imagesOf(studyId)) {
        const named =
          shows?.kind === "images" ? shows.images.find((one) => one.instanceId === instanceId) : undefined;
        const isWhole =
          shows?.kind === "study" || (shows?.kind === "series" && shows.seriesIds.includes(seriesId));
        if (!named && !isWhole) continue;
        const frames = named?.frames ?? [];
        shown.images.set(instanceId, frames.length > 0 ? frames.map((at) => greys[at - 1] ?? 0) : greys);
        if (isWhole) shown.whole.add(seriesId);
      }
    return shown;
  }

  const greysIn = (raw: string) =>
    world
      .flatMap(({ greys }) => greys)
      .filter((value) => raw.includes(String.fromCharCode(...Array<number>(FRAME_BYTES).fill(value))));

  /** Asks every door for everything in the region, and tells what came. */
  async function takeAll(patient: Ctx) {
    const instanceIds = world.map(({ instanceId }) => instanceId);
    const said: string[] = [JSON.stringify(await Consent.readMine(patient, {}))];
    const images = new Map<string, number[]>();
    const pictures = new Set<string>();
    for (const seriesId of new Set(world.map((image) => image.seriesId)))
      await Consent.seeSeries(patient, { seriesId }).then(
        (page) => said.push(JSON.stringify(page)),
        () => undefined,
      );
    for (const studyId of new Set(world.map((image) => image.studyId))) {
      const seriesIds = seriesOf(studyId);
      const none = { objects: [], files: [], pictures: [] };
      const { objects } = await Consent.signImages(patient, { studyId, instanceIds }).catch(() => none);
      const { files } = await Consent.signFiles(patient, { studyId, instanceIds }).catch(() => none);
      const small = await Consent.signMinePictures(patient, { studyId, seriesIds }).catch(() => none);
      for (const { seriesId } of small.pictures) pictures.add(seriesId);
      for (const object of [...objects, ...files]) {
        if (!("url" in object)) continue;
        const raw = Buffer.from(await (await fetch(object.url)).arrayBuffer()).toString("latin1");
        images.set(object.instanceId, greysIn(raw));
      }
    }
    return { said: said.join("\n"), images, pictures };
  }

  it("nothing outside it is in any answer, nor in any byte behind any address, and all of it is", async () => {
    await fc.assert(
      fc.asyncProperty(anyLink, async (parts) => {
        const scopes = parts.flatMap((part, at) => (part ? [scopeOf(mine[at] ?? "", part)] : []));
        const wanted = expected(scopes);
        const sent = { studyId: mine[0] ?? "", patientId, study: "" };
        const { patient } = await opened(region, staff, sent, { scopes, mayDownload: true });
        const came = await takeAll(patient);
        const inOrder = (images: Map<string, readonly number[]>) =>
          [...images].map(([id, greys]) => [id, greys.toSorted((a, b) => a - b)]).toSorted();
        expect(inOrder(came.images)).toEqual(inOrder(wanted.images));
        const shownSeries = new Set(
          world.flatMap((one) => (wanted.images.has(one.instanceId) ? [one.seriesId] : [])),
        );
        for (const { studyId, seriesId, instanceId } of world) {
          if (!wanted.images.has(instanceId)) expect(came.said).not.toContain(instanceId);
          if (!shownSeries.has(seriesId)) expect(came.said).not.toContain(seriesId);
          if (!scopes.some((scope) => scope.studyId === studyId)) expect(came.said).not.toContain(studyId);
        }
        for (const seriesId of came.pictures) expect(shownSeries).toContain(seriesId);
        for (const seriesId of wanted.whole) expect(came.pictures).toContain(seriesId);
      }),
      { numRuns: RUNS, endOnFailure: true, examples: EXAMPLES },
    );
  }, 300_000);
});
