import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import type { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, dicom, rows, sendAll, studyIdOf } from "../sent.ts";
import { opened, openRegion, type Sent, somebody } from "./patient.ts";

describe("small pictures of a link that was opened before they were drawn", () => {
  let region: Region;
  let staff: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
  });
  afterAll(() => region.stop());

  /** A study of two series of one image each, settled and not drawn. */
  async function undrawn(): Promise<Sent & { seriesIds: string[] }> {
    const [study, of] = [mintUid(), somebody()];
    const shots = [mintUid(), mintUid()].map((series) => dicom(bytesOf({ study, series, of, counted: 1 })));
    await sendAll(region, "RXC", ...shots);
    await region.cloud.tick("SettleSeries");
    await region.drain();
    const studyId = await studyIdOf(region, study);
    const found = await rows<{ seriesId: string; patientId: string }>(
      region,
      'SELECT e.id::text AS "seriesId", s.patient_id::text AS "patientId" FROM series e JOIN study s ON s.id = e.study_id WHERE s.id = $1::uuid',
      studyId,
    );
    return {
      studyId,
      study,
      patientId: found[0]?.patientId ?? "",
      seriesIds: found.map((one) => one.seriesId),
    };
  }
  const pictured = (all: { pictures: { seriesId: string }[] }) =>
    all.pictures.map(({ seriesId }) => seriesId);

  it("are awaited, are there once they were drawn, and one that can't be drawn is neither", async () => {
    const sent = await undrawn();
    const [first = "", second = ""] = sent.seriesIds;
    const { patient } = await opened(region, staff, sent);
    const ask = () => Consent.signMinePictures(patient, { studyId: sent.studyId, seriesIds: sent.seriesIds });
    const before = await ask();
    expect(pictured(before)).toEqual([]);
    expect(before.awaited.toSorted()).toEqual(sent.seriesIds.toSorted());
    await rows(
      region,
      "UPDATE series_picture SET due_at = NULL, drawn_at = now(), failed = 'unreadable' WHERE series_id = $1::uuid",
      second,
    );
    await region.cloud.tick("DrawPictures");
    const after = await ask();
    expect(pictured(after)).toEqual([first]);
    expect(after.awaited).toEqual([]);
    const answer = await fetch(after.pictures[0]?.url ?? "");
    expect(answer.headers.get("content-type")).toBe("image/jpeg");
  });

  it("of a series beyond the link's are not even awaited", async () => {
    const sent = await undrawn();
    const [first = ""] = sent.seriesIds;
    const scopes = [{ studyId: sent.studyId, shows: { kind: "series" as const, seriesIds: [first] } }];
    const { patient } = await opened(region, staff, sent, { scopes });
    const { studyId, seriesIds } = sent;
    const said = await Consent.signMinePictures(patient, { studyId, seriesIds });
    expect(said).toMatchObject({ pictures: [], awaited: [first] });
  });

  it("of an image that lies in another series since then isn't shown for the one where it was", async () => {
    const sent = await undrawn();
    const [first = "", second = ""] = sent.seriesIds;
    await region.cloud.tick("DrawPictures");
    const { patient } = await opened(region, staff, sent);
    await rows(region, "UPDATE instance SET series_id = $2::uuid WHERE series_id = $1::uuid", first, second);
    const { studyId, seriesIds } = sent;
    const said = await Consent.signMinePictures(patient, { studyId, seriesIds });
    expect(pictured(said)).toEqual([second]);
    expect(said.awaited).toEqual([first]);
  });
});
