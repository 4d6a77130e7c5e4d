import * as Access from "@weald/core/access";
import * as Correction from "@weald/core/correction";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { after, at, codeOf, image, request, rowan, rows, sendAll, studyIdOf } from "../sent.ts";

const day = (ago: number) =>
  new Date(Date.now() - ago * 24 * 3_600_000).toISOString().slice(0, 10).replaceAll("-", "");
const said = (localNumber: string, family: string) => rowan({ localNumber, family, nhs: "" });

describe("what a trust's gateway is to keep", () => {
  let region: Region;
  const [today, prior, old] = [mintUid(), mintUid(), mintUid()];
  const [booked, elsewhere, secret] = [mintUid(), mintUid(), mintUid()];
  const own = () => region.system("RXC", ["studies.read", "edge.cache"]);
  const regional = () => region.system("RXC", ["studies.read", "studies.read.region", "edge.cache"]);
  const needed = async (ctx = own()) =>
    (await Worklist.listNeeded(ctx, {})).studies.map(({ studyInstanceUid }) => studyInstanceUid);

  beforeAll(async () => {
    region = await Region.create();
    const [ash, beech, cedar] = [said("RXC-1", "Ash"), said("RXC-2", "Beech"), said("RXC-3", "Cedar")];
    await sendAll(
      region,
      "RXC",
      image({ study: today, of: ash, date: day(0), time: "000001" }),
      image({ study: prior, of: ash, date: day(900) }),
      image({ study: old, of: beech, date: day(40) }),
      image({ study: booked, of: cedar, date: day(400) }),
      image({ study: secret, of: said("RXC-4", "Dogwood"), date: day(0), time: "000001" }),
      request({
        accession: "N1",
        id: "n1",
        at: `${day(0)}000001`,
        of: cedar,
      }),
    );
    await sendAll(region, "RTK", image({ study: elsewhere, of: said("RTK-1", "Elder"), date: day(30) }));
    await Patient.markSensitive(region.as("tom.reyes"), {
      custodian: "RXC",
      localNumber: "RXC-4",
      sensitivities: ["staff"],
    });
  }, 60_000);
  afterAll(() => region.stop());

  it("today's studies and the priors of their patients, and of whom is booked; nobody else's", async () => {
    expect(await needed()).toEqual([today, booked, prior]);
  });

  it("nothing of a restricted patient, whatever the scope", async () => {
    expect(await needed(regional())).not.toContain(secret);
  });

  it("whom somebody of the trust cares for, as far as the client may read it, while that lasts", async () => {
    const [row] = await rows<{ patient_id: string }>(
      region,
      "SELECT patient_id::text FROM study WHERE study_instance_uid = $1",
      elsewhere,
    );
    const patientId = row?.patient_id ?? "";
    const clinician = region.as("amara.okafor@RXC");
    await Access.stateRelationship(clinician, { patientId, statement: "treating-now" });
    expect(await needed()).not.toContain(elsewhere);
    expect(await needed(regional())).toContain(elsewhere);
    expect(await needed(at(regional(), after(25)))).not.toContain(elsewhere);
  });

  it("is told again only when something of it is another", async () => {
    const first = await Worklist.listNeeded(own(), {});
    expect(await Worklist.listNeeded(own(), { mark: first.mark })).toMatchObject({
      isSame: true,
      studies: [],
    });
    await sendAll(region, "RXC", image({ study: today, of: said("RXC-1", "Ash"), date: day(0) }));
    const next = await Worklist.listNeeded(own(), { mark: first.mark });
    expect(next.isSame).toBe(false);
    const marks = (list: typeof next) => new Map(list.studies.map((one) => [one.studyInstanceUid, one.mark]));
    expect(marks(next).get(today)).not.toBe(marks(first).get(today));
    expect(marks(next).get(prior)).toBe(marks(first).get(prior));
  });

  it("what is corrected has another mark; what is rejected isn't on it", async () => {
    const before = await Worklist.listNeeded(own(), {});
    const manager = region.as("tom.reyes");
    const studyId = await studyIdOf(region, prior);
    const correct = { kind: "correct", studyId, level: "study", reason: "mistyped" } as const;
    await Correction.ask(manager, { ...correct, says: { description: "Knee" } });
    const then = await Worklist.listNeeded(own(), { mark: before.mark });
    const markOf = (list: typeof before) => list.studies.find((one) => one.studyId === studyId)?.mark;
    expect(markOf(then)).toMatch(/^[0-9a-f]{32}$/);
    expect(markOf(then)).not.toBe(markOf(before));
    const reject = { kind: "reject", studyId, level: "study", code: "113037", reason: "unsafe" } as const;
    await Correction.ask(manager, reject);
    expect(await needed()).not.toContain(prior);
  });

  it("only for who is registered to be kept for", async () => {
    for (const ctx of [
      region.system("RXC", ["studies.read"]),
      region.system("RXC", ["edge.cache"]),
      region.gateway("RXC"),
      region.as("amara.okafor@RXC"),
    ])
      expect(await codeOf(Worklist.listNeeded(ctx, {}))).toBe("not-for-this-role");
  });

  describe("on the record", () => {
    const auditOf = (studyId: string) =>
      rows<{ verb: string; detail: Record<string, unknown>; patient_id: string; custodian: string }>(
        region,
        "SELECT verb, detail, patient_id::text, custodian FROM audit_event WHERE study_id = $1::uuid AND actor_id = 'system-RXC' ORDER BY at",
        studyId,
      );

    it("what is fetched for the cache is fetched ahead; the same taken out after it is said too", async () => {
      const studyId = await studyIdOf(region, booked);
      const asked = { studyInstanceUid: booked, asStored: "all" } as const;
      await Study.retrieve(own(), asked);
      await Study.retrieve(region.system("RXC", ["studies.read"]), asked);
      expect((await auditOf(studyId)).map(({ verb }) => verb)).toEqual(["fetched-ahead", "taken-out"]);
    });

    it("a look at the cache, once however often it is told, under the patient under whom it was shown", async () => {
      const studyId = await studyIdOf(region, today);
      const patientId = "0190f000-0000-7000-8000-000000000001";
      const look = {
        lookId: "0190f000-0000-7000-8000-0000000000aa",
        verb: "taken-out" as const,
        lookedAt: "2026-11-25T10:00:00.000Z",
        asOf: "2026-11-25T09:58:00.000Z",
        by: "PACS1",
        to: "WS1",
        count: 2,
        studies: [{ studyId, patientId }],
      };
      await Study.recordEdgeLooks(own(), { looks: [look] });
      await Study.recordEdgeLooks(own(), { looks: [look] });
      const { lookId, verb: _verb, studies: _studies, ...rest } = look;
      expect(await auditOf(studyId)).toEqual([
        { verb: "taken-out", patient_id: patientId, custodian: "RXC", detail: { look: lookId, ...rest } },
      ]);
    });

    it("by nobody else", async () => {
      const looks = [
        {
          lookId: mintId(),
          verb: "listed" as const,
          lookedAt: new Date().toISOString(),
          asOf: new Date().toISOString(),
          by: "PACS1",
          count: 0,
          studies: [],
        },
      ];
      for (const ctx of [region.system("RXC", ["studies.read"]), region.as("amara.okafor@RXC")])
        expect(await codeOf(Study.recordEdgeLooks(ctx, { looks }))).toBe("not-for-this-role");
    });
  });
});

const mintId = () => crypto.randomUUID();
