import * as Access from "@weald/core/access";
import type { Activity, Ctx, PersonActor } from "@weald/core/kernel";
import * as Organisation from "@weald/core/organisation";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, rowan, rows, sendAll, studyIdOf, systemCtx } from "../sent.ts";

const MINUTE = 60_000;

describe("an agreement", () => {
  let region: Region;
  let administrator: Ctx;
  let reader: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    administrator = region.as("tom.reyes");
    reader = region.as("rohan.patel");
  }, 60_000);
  afterAll(() => region.stop());

  const person = (organisation: string, ...activities: Activity[]): Ctx => {
    const actor: PersonActor = {
      ...{ kind: "person", id: `p-${organisation}`, roleId: "r", role: "radiologist" },
      ...{ organisation, activities },
    };
    return region.ctxOf(actor);
  };
  const at = (ctx: Ctx, minutes: number): Ctx => {
    const now = Date.now() + minutes * MINUTE;
    return { ...ctx, service: { ...ctx.service, now: () => new Date(now) } };
  };
  const heldBy = async (custodian: string, localNumber: string) => {
    const study = mintUid();
    const of = rowan({ localNumber, nhs: "", given: localNumber });
    await sendAll(region, custodian, image({ study, of }));
    return studyIdOf(region, study, custodian);
  };
  const agreementOf = async (odsCode: string) =>
    (await Organisation.listAgreements(administrator, {})).find((one) => one.odsCode === odsCode)
      ?.agreementId ?? "";
  const open = (ctx: Ctx, studyId: string) => codeOf(Study.open(ctx, { studyId }));

  it("brings a sixth trust into the region by configuration alone", async () => {
    const clinician = person("RTP", "report", "view");
    const own = await heldBy("RXC", "SIXTH");
    expect(await open(clinician, own)).toBe("STUDY_NOT_FOUND");
    // East Surrey is known as a partner: a trust of its own code is added.
    await Organisation.add(administrator, {
      odsCode: "RXX",
      name: "A sixth trust",
      part: "member",
      sites: ["One"],
    });
    const sixth = person("RXX", "report", "view");
    expect(await open(sixth, own)).toBe("done");
    const theirs = await heldBy("RXX", "THEIRS");
    expect(await open(reader, theirs)).toBe("done");
    expect(
      await codeOf(Organisation.add(administrator, { odsCode: "RXX", name: "Again", part: "member" })),
    ).toBe("ORGANISATION_KNOWN");
    expect(await codeOf(Organisation.add(reader, { odsCode: "RYY", name: "Another", part: "member" }))).toBe(
      "not-for-this-role",
    );
  });

  it("with a partner outside is of two, for kinds and purposes, and of nobody else", async () => {
    const studyId = await heldBy("RTP", "PARTNER");
    await Organisation.beginAgreement(administrator, {
      ...{ odsCode: "RTP", withOds: "RXC", kinds: ["images"], purposes: ["reporting"] },
    });
    expect(await open(person("RXC", "report", "view"), studyId)).toBe("done");
    // The purpose is another: a clinician treats.
    const clinician = person("RXC", "view", "state-relationship");
    expect(await open(clinician, studyId)).toBe("not-agreed");
    expect(await open(reader, studyId)).toBe("STUDY_NOT_FOUND");
    expect(
      await codeOf(
        Organisation.beginAgreement(administrator, {
          odsCode: "ZZZ",
          kinds: ["images"],
          purposes: ["audit"],
        }),
      ),
    ).toBe("ORGANISATION_UNKNOWN");
  });

  it("shows what its end would cut; then what was open has an hour, and nothing new opens", async () => {
    const [was, never] = [await heldBy("RTK", "OPENED"), await heldBy("RTK", "NEVER")];
    const [{ id: patientId } = { id: "" }] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      was,
    );
    const sunita = region.as("sunita.kaur");
    const ordinary = await Study.open(reader, { studyId: was });
    const agreementId = await agreementOf("RTK");
    expect(await Organisation.previewEnd(sunita, { agreementId })).toMatchObject({
      studies: 2,
      openStudies: 1,
    });
    expect(await codeOf(Organisation.endAgreement(administrator, { agreementId, reason: "not ours" }))).toBe(
      "not-your-trust",
    );
    await Organisation.endAgreement(sunita, { agreementId, reason: "leaves the region" });
    const soon = at(reader, 1);
    const currency = { studyId: was, servedVersion: ordinary.servedVersion };
    expect(await open(soon, never)).toBe("agreement-ended");
    expect(await codeOf(Study.signObjects(soon, { studyId: was, instanceIds: [crypto.randomUUID()] }))).toBe(
      "done",
    );
    expect((await Study.isCurrent(soon, currency)).sharing.state).toBe("closes");
    expect((await Worklist.list(soon, {})).rows.map(({ studyId }) => studyId)).not.toContain(was);
    const after = at(reader, 61);
    expect(await codeOf(Study.signObjects(after, { studyId: was, instanceIds: [crypto.randomUUID()] }))).toBe(
      "STUDY_NOT_FOUND",
    );
    expect((await Study.isCurrent(after, currency)).sharing.state).toBe("over");
    // Withheld is said, not left out: whose, and how many.
    const page = await Timeline.read(
      { ...after, service: { ...after.service } },
      { patientId: await joined(region, patientId) },
    );
    expect(page.withheld).toEqual([{ custodian: "RTK", studies: 1, why: "not-shared" }]);
    // Its own people read their own as ever.
    expect(await open(at(person("RTK", "report", "view"), 61), was)).toBe("done");
  });

  it("stopped by the privacy officer is cut at once, what is open too", async () => {
    const studyId = await heldBy("RYR", "STOPPED");
    const { servedVersion } = await Study.open(reader, { studyId });
    const agreementId = await agreementOf("RYR");
    expect(
      await codeOf(Organisation.stopAgreement(region.as("nadia.rahman"), { agreementId, reason: "no" })),
    ).not.toBe("done");
    await Organisation.stopAgreement(region.as("edmund.frost"), {
      agreementId,
      reason: "a breach is looked into",
    });
    const now = at(reader, 0.01);
    expect(await codeOf(Study.signObjects(now, { studyId, instanceIds: [crypto.randomUUID()] }))).toBe(
      "STUDY_NOT_FOUND",
    );
    expect((await Study.isCurrent(now, { studyId, servedVersion })).sharing.state).toBe("over");
  });

  it("a mark of sensitivity stays when the trust that made it has left", async () => {
    const study = mintUid();
    await sendAll(region, "RXC", image({ study, of: rowan({ localNumber: "STAYS" }) }));
    await sendAll(region, "RPC", image({ study: mintUid(), of: rowan({ localNumber: "LEAVES" }) }));
    const studyId = await studyIdOf(region, study);
    expect(await open(reader, studyId)).toBe("done");
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RPC",
      localNumber: "LEAVES",
      sensitivities: ["vip"],
    });
    expect(await open(reader, studyId)).toBe("sensitive");
    await rows(
      region,
      "UPDATE agreement SET ends_at = now() - interval '2 hours' WHERE ods_code = 'RPC' RETURNING id::text",
    );
    expect(await open(reader, studyId)).toBe("sensitive");
  });

  it("a patient's objection keeps what a trust holds to that trust, until it is ended", async () => {
    const studyId = await heldBy("RXC", "OBJECTS");
    expect(await open(reader, studyId)).toBe("done");
    const { objectionId } = await Access.recordObjection(administrator, {
      localNumber: "OBJECTS",
      discussedBy: "Dr Okafor",
    });
    expect(await open(reader, studyId)).toBe("objection");
    expect(await open(person("RXC", "report", "view"), studyId)).toBe("done");
    expect(await codeOf(Access.endObjection(region.as("sunita.kaur"), { objectionId }))).toBe(
      "not-your-trust",
    );
    await Access.endObjection(administrator, { objectionId });
    expect(await open(reader, studyId)).toBe("done");
  });
});

/** The page wants a record that the reader's trusts still hold: the patient gets one at RXC too. */
async function joined(region: Region, patientId: string): Promise<string> {
  await rows(
    region,
    `INSERT INTO patient_record (id, patient_id, custodian, local_number, family, given, family_key, given_key, sensitivities, linked_how, linked_by, linked_at)
     VALUES (uuidv7(), $1::uuid, 'RXC', 'JOINED', 'R', 'R', 'R', 'R', '{}', 'x', 'x', now()) RETURNING id::text`,
    patientId,
  );
  return patientId;
}
