import path from "node:path";
import { Readable } from "node:stream";
import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import type { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, readHeader, text, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesIn } from "../../read-zip.ts";
import { datasetOf, dicom, rows, sendAll, studyIdOf } from "../sent.ts";
import { opened, openRegion, somebody } from "./patient.ts";

const LINK = path.resolve(import.meta.dirname, "../../../apps/web/src/features/link");
/** As if a browser could hold no more. */
const MOST_BYTES = 60_000;
const SIDE = 100;

describe("a study that is more than a browser holds", () => {
  let region: Region;
  let staff: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
  });
  afterAll(() => region.stop());

  /** Two series of five images of 20 kB each, and one of an image that is too much by itself. */
  async function large(): Promise<{ studyId: string; study: string; patientId: string; count: number }> {
    const [study, of] = [mintUid(), somebody()];
    const sizes = [Array<number>(5).fill(1), Array<number>(5).fill(1), [6]];
    const files = sizes.flatMap((images, at) => {
      const series = mintUid();
      return images.map((times, index) => {
        const more = {
          "00200011": { vr: "IS", Value: [String(at + 1)] },
          "00280010": { vr: "US", Value: [SIDE * times] },
          "00280011": { vr: "US", Value: [SIDE] },
        };
        const shot = { study, series, of, number: index + 1, counted: images.length, more };
        const pixelData = new Uint8Array(SIDE * SIDE * times * 2).fill(10 * at + index);
        return dicom(
          writePart10({ dataset: datasetOf(shot), pixelData, transferSyntaxUid: EXPLICIT_LITTLE }),
        );
      });
    });
    await sendAll(region, "RXC", ...files);
    await region.cloud.tick("SettleSeries");
    await region.drain();
    const studyId = await studyIdOf(region, study);
    const [found] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      studyId,
    );
    return { studyId, study, patientId: found?.id ?? "", count: files.length };
  }

  it("is taken away in parts, each within it and streamed; together they hold each image once, and no part another's", async () => {
    const { filePieces, addressOf } = await import(path.join(LINK, "files-of.ts"));
    const { partsOf, bytesOf } = await import(path.join(LINK, "parts-of.ts"));
    const { studyZip } = await import(path.join(LINK, "study-zip.ts"));
    const { within } = await import(path.join(LINK, "keep-within.ts"));
    const { count, ...sent } = await large();
    const { patient } = await opened(region, staff, sent, { mayDownload: true });
    type Input<F extends (ctx: Ctx, input: never) => unknown> = Parameters<F>[1];
    const door = {
      readSeries: { query: (input: Input<typeof Consent.seeSeries>) => Consent.seeSeries(patient, input) },
      signFiles: { mutate: (input: Input<typeof Consent.signFiles>) => Consent.signFiles(patient, input) },
    };
    const [study] = (await Consent.readMine(patient, {})).studies;
    if (study?.state !== "open") throw new Error("not open");

    const pieces: { bytes: number }[] = await filePieces(door, study);
    expect(pieces).toHaveLength(count);
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    // What is told before anybody presses is about what comes.
    expect(Math.abs(bytesOf(study) / bytes - 1)).toBeLessThan(0.05);

    const parts = partsOf(pieces, MOST_BYTES);
    expect(parts.length).toBeGreaterThan(4);
    const names: string[] = [];
    const uids: (string | undefined)[] = [];
    const asked = { study, name: "Chest X-ray", trust: "East Sussex", door, onFile: () => undefined };
    const uidOf = async (file: Uint8Array) =>
      text((await readHeader(Readable.from([file]))).dataset, "00080018");
    for (const part of parts) {
      if (part.bytes > MOST_BYTES) {
        // By itself, from where it lies, for the browser to save.
        expect(part.pieces).toHaveLength(1);
        const answer = await fetch(await addressOf(door, study.studyId, part.pieces[0].instanceId));
        expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="[^"]+\.dcm"/);
        uids.push(await uidOf(new Uint8Array(await answer.arrayBuffer())));
        continue;
      }
      const zip = within(studyZip({ ...asked, part }), MOST_BYTES);
      const found = entriesIn(Buffer.from(await new Response(zip).arrayBuffer()));
      expect(String(found.get(`index-${part.at}.html`))).toContain(`part ${part.at} of ${parts.length}`);
      for (const [name, file] of found) {
        if (!name.startsWith("DICOM/")) continue;
        names.push(name);
        uids.push(await uidOf(file));
      }
    }
    expect(new Set(names).size).toBe(count - 1);
    expect(uids).not.toContain(undefined);
    expect(new Set(uids).size).toBe(count);
  });
});
