import { randomUUID } from "node:crypto";
import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import type { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, report, rows, sendAll, systemCtx } from "../sent.ts";
import {
  at,
  contactOf,
  doorOf,
  newestTo,
  opened,
  openRegion,
  proved,
  type Sent,
  sendStudy,
  sessionOf,
  shared,
  somebody,
  tokenIn,
} from "./patient.ts";

describe("a link that ends, or is held again", () => {
  let region: Region;
  let staff: Ctx;
  let manager: Ctx;
  beforeAll(async () => {
    ({ region, staff, manager } = await openRegion());
  });
  afterAll(() => region.stop());

  const sent = () => sendStudy(region, { of: somebody() });
  async function imagesOf(patient: Ctx, { studyId }: Sent) {
    const { studies } = await Consent.readMine(patient, {});
    const study = studies.find((one) => one.studyId === studyId);
    if (study?.state !== "open") throw new Error("not open");
    const { instances } = await Consent.seeSeries(patient, { seriesId: study.series[0]?.seriesId ?? "" });
    return instances.map(({ instanceId }) => instanceId);
  }
  async function urlsOf(patient: Ctx, { studyId }: Sent, instanceIds: string[]) {
    const { objects } = await Consent.signImages(patient, { studyId, instanceIds });
    return objects.flatMap((one) => ("url" in one ? [one] : []));
  }

  it("revoked in mid-way: no new address from that moment, and none that stands lives for longer than a minute", async () => {
    const study = await sent();
    const { patient, linkId } = await opened(region, staff, study);
    const instanceIds = await imagesOf(patient, study);
    const urls = await urlsOf(patient, study, instanceIds);
    expect(urls).toHaveLength(2);
    for (const { url } of urls) expect((await fetch(url)).status).toBe(200);
    expect(await Consent.endLink(staff, { linkId })).toEqual({ ended: 1 });
    expect(await codeOf(Consent.signImages(patient, { studyId: study.studyId, instanceIds }))).toBe(
      "link-ended",
    );
    expect(await codeOf(Consent.readMine(patient, {}))).toBe("link-ended");
    for (const { expiresAt } of urls)
      expect(new Date(expiresAt).getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    // As the object store reads its clock: an address that was made a minute earlier is refused by it.
    const [id] = instanceIds;
    const earlier = at(
      { ...region.ctxOf(patient.actor), session: patient.session ?? { id: "" } },
      new Date(Date.now() - 61_000),
    );
    expect(id).toBeTruthy();
    const stale = await Study.signShare(earlier, {
      objectKey: new URL(urls[0]?.url ?? "").pathname.split("/").at(-1) ?? "",
    });
    expect((await fetch(stale)).status).toBe(403);
  });

  it("every link of a patient, of a study and of an issuer ends in one act, with what was passed on", async () => {
    const study = await sent();
    const [one, two] = [await opened(region, staff, study), await opened(region, manager, study)];
    await Consent.passOn(one.patient, {
      ...{ linkId: randomUUID(), name: "Dr Vale", address: "vale@example.org" },
      ...{ hasReport: true, mayDownload: false, days: 5 },
    });
    expect(await Consent.endOfIssuer(staff, { issuedBy: staff.actor.id })).toEqual({ ended: 2 });
    expect(await codeOf(Consent.readMine(two.patient, {}))).toBe("done");
    expect(await Consent.endOfStudy(manager, { studyId: study.studyId })).toEqual({ ended: 1 });
    const three = await opened(region, staff, study);
    expect(await Consent.endOfPatient(manager, { patientId: study.patientId })).toEqual({ ended: 1 });
    for (const { patient } of [one, two, three])
      expect(await codeOf(Consent.readMine(patient, {}))).toBe("link-ended");
    expect(await codeOf(Consent.endOfIssuer(region.as("ines.marlow"), { issuedBy: staff.actor.id }))).toBe(
      "not-for-this-role",
    );
  });

  it("an ended link says so kindly after its code, and before it nothing; one that came to somebody else says nothing", async () => {
    const study = await sent();
    const first = await opened(region, staff, study);
    await Consent.endLink(staff, { linkId: first.linkId });
    expect((await proved(region, first)).state).toBe("ended");
    const second = await opened(region, staff, study);
    await Consent.notMe(second.patient, {});
    expect(await codeOf(proved(region, second))).toBe("CODE_WRONG");
    const { tasks } = await Consent.listTasks(staff, {});
    expect(tasks).toContainEqual(expect.objectContaining({ kind: "not-me", linkId: second.linkId }));
    const { contacts } = await Consent.listContacts(staff, { patientId: study.patientId });
    expect(contacts.find(({ address }) => address === second.address)).toMatchObject({ isToConfirm: true });
  });

  it("held again by a mark, an alert or a short study: nothing through any API, and never why", async () => {
    const study = await sent();
    const { patient } = await opened(region, staff, study);
    const { studyId } = study;
    const instanceIds = await imagesOf(patient, study);
    await Consent.markRelease(staff, { studyId, mark: "held" });
    for (const work of [
      () => Consent.signImages(patient, { studyId, instanceIds }),
      () => Consent.seeReport(patient, { studyId }),
      () => Consent.signMinePictures(patient, { studyId, seriesIds: [randomUUID()] }),
      () => Consent.signFiles(patient, { studyId, instanceIds }),
    ])
      expect(await codeOf(work())).toBe("not-now");
    const mine = await Consent.readMine(patient, {});
    expect(mine.studies).toEqual([{ studyId, state: "not-now" }]);
    await Consent.markRelease(staff, { studyId, mark: "held", stands: "taken-back" });
    expect(await urlsOf(patient, study, instanceIds)).toHaveLength(2);
    await rows(
      region,
      "UPDATE series SET expected_count = 9 WHERE study_id = $1::uuid RETURNING id",
      studyId,
    );
    expect(await codeOf(Consent.signImages(patient, { studyId, instanceIds }))).toBe("not-now");
  });

  it("a report flagged as what can't wait holds report and images alike, until the patient was told", async () => {
    const of = somebody();
    const accession = `ACC-${of.localNumber}`;
    const study = await sendStudy(region, { of, shot: { accession } });
    const { studyId } = study;
    const at1 = "20261125100000";
    await sendAll(
      region,
      "RXC",
      report({ of, accession, id: `R1-${accession}`, at: at1, status: "F", text: "Clear lungs." }),
    );
    await region.drain();
    const { patient } = await opened(region, staff, study);
    expect((await Consent.seeReport(patient, { studyId })).versions).toMatchObject([
      { text: "Clear lungs.", status: "final" },
    ]);
    await rows(
      region,
      "UPDATE report_version SET alert = 'AA' WHERE report_id = (SELECT id FROM report WHERE accession_number = $1) RETURNING id",
      accession,
    );
    expect(await codeOf(Consent.seeReport(patient, { studyId }))).toBe("not-now");
    const preview = await Consent.previewShare(staff, { studyIds: [studyId], hasReport: true });
    expect(preview.studies).toMatchObject([{ release: { state: "held", why: ["alert"] } }]);
    await Consent.markRelease(staff, { studyId, mark: "told" });
    expect((await Consent.seeReport(patient, { studyId })).versions).toHaveLength(1);
  });

  it("what is held is made, and sent once it is released; what is never shared is refused as anything else, and told to who leads on safeguarding", async () => {
    const study = await sent();
    const { studyId, patientId } = study;
    const hours = at(systemCtx(region), new Date("2026-12-02T10:00:00Z"));
    await Consent.markRelease(staff, { studyId, mark: "held" });
    const { address } = await shared(staff, study, { delivery: "sent" });
    await Consent.sendMessages(hours, {});
    expect(await newestTo(region, address, "link")).toBeUndefined();
    await Consent.markRelease(staff, { studyId, mark: "held", stands: "taken-back" });
    const later = at(systemCtx(region), new Date("2026-12-02T10:15:00Z"));
    await Consent.sendMessages(later, {});
    expect((await newestTo(region, address, "link"))?.text).toMatch(/\/link#/);

    const [record] = await rows<{ id: string }>(
      region,
      "SELECT id::text FROM patient_record WHERE patient_id = $1::uuid",
      patientId,
    );
    await rows(
      region,
      "UPDATE patient_record SET sensitivities = '{s-flag}' WHERE id = $1::uuid RETURNING id",
      record?.id,
    );
    expect(await codeOf(shared(staff, study))).toBe("cannot-be-shared");
    const guardian = region.ctxOf({
      ...{ kind: "person", id: "p-cald", roleId: "p-cald-1", role: "caldicott-guardian" },
      ...{ organisation: "RXC", activities: ["review-access", "restrict"] },
    });
    expect((await Consent.listTasks(guardian, {})).tasks).toContainEqual(
      expect.objectContaining({ kind: "safeguarding", studyId }),
    );
  });

  it("a study that is moved to another patient is shown by no link of the first", async () => {
    const [study, other] = [await sent(), await sent()];
    const { patient } = await opened(region, staff, study);
    const instanceIds = await imagesOf(patient, study);
    await rows(
      region,
      "UPDATE study SET patient_id = $2::uuid, patient_record_id = (SELECT id FROM patient_record WHERE patient_id = $2::uuid LIMIT 1) WHERE id = $1::uuid RETURNING id",
      study.studyId,
      other.patientId,
    );
    expect(await codeOf(Consent.signImages(patient, { studyId: study.studyId, instanceIds }))).toBe(
      "NOT_FOUND",
    );
    expect((await Consent.readMine(patient, {})).studies).toEqual([
      { studyId: study.studyId, state: "not-now" },
    ]);
  });

  it("ends when the patient dies, with their proxies", async () => {
    const study = await sent();
    const { patient } = await opened(region, staff, study);
    await rows(
      region,
      "UPDATE patient_record SET died_at = now() WHERE patient_id = $1::uuid RETURNING id",
      study.patientId,
    );
    await Consent.keepProxies(systemCtx(region), {});
    expect(await codeOf(Consent.readMine(patient, {}))).toBe("link-ended");
    expect(await codeOf(shared(staff, study))).toBe("PATIENT_DIED");
  });

  it("a resend makes the older token worthless, and nothing is sent in quiet mode", async () => {
    const study = await sent();
    const { linkId, address } = await shared(staff, study);
    const { token } = await Consent.handOver(staff, { linkId });
    await Consent.resend(staff, { linkId, isUrgent: true });
    await Consent.sendMessages(systemCtx(region), {});
    const newer = tokenIn((await newestTo(region, address, "link"))?.text ?? "");
    expect(newer).not.toBe(token);
    expect(await codeOf(proved(region, { token, address }))).toBe("CODE_WRONG");
    const proof = await proved(region, { token: newer, address });
    expect(proof.state).toBe("open");
    await Consent.setWishes(staff, { patientId: study.patientId, callFirst: "no", quiet: "yes" });
    expect(await codeOf(Consent.resend(staff, { linkId }))).toBe("QUIET_MODE");
    expect(await codeOf(shared(staff, study, { delivery: "sent" }))).toBe("QUIET_MODE");
    const quiet = randomUUID();
    await Consent.share(staff, {
      ...{ linkId: quiet, scopes: [{ studyId: study.studyId }], delivery: "in-person", hasReport: false },
    });
    const paper = await Consent.handOver(staff, { linkId: quiet });
    const came = await Consent.proveCode(doorOf(region), {
      ...{ token: paper.token, code: paper.code ?? "", address: "192.0.2.1", agent: "x", device: "phone" },
    });
    expect(came.state).toBe("open");
  });

  it("passed on: no wider, no longer, and its receipts tell the patient who looked", async () => {
    const study = await sent();
    const { patient } = await opened(region, staff, study, { days: 3 });
    const linkId = randomUUID();
    const address = `vale.${randomUUID()}@example.org`;
    const wanted = { name: "Dr Vale", address, hasReport: true, mayDownload: true, days: 90 };
    const stranger = await sent();
    expect(
      await codeOf(
        Consent.passOn(patient, {
          ...wanted,
          linkId,
          scopes: [{ studyId: stranger.studyId, shows: { kind: "study" } }],
        }),
      ),
    ).toBe("SCOPE_TOO_WIDE");
    const { endsAt } = await Consent.passOn(patient, { ...wanted, linkId });
    expect(new Date(endsAt).getTime() - Date.now()).toBeLessThanOrEqual(3 * 86_400_000);
    await Consent.sendMessages(systemCtx(region), {});
    const token = tokenIn((await newestTo(region, address, "passed-on"))?.text ?? "");
    const proof = await proved(region, { token, address });
    if (proof.state !== "open") throw new Error(proof.state);
    const clinician = await sessionOf(region, proof.secret);
    if (!clinician) throw new Error("no session");
    const mine = await Consent.readMine(clinician, {});
    expect(mine).toMatchObject({ recipient: "passed-on", passedTo: "Dr Vale", mayDownload: false });
    expect(await codeOf(Consent.passOn(clinician, { ...wanted, linkId: randomUUID() }))).toBe(
      "passed-on-already",
    );

    await Study.reportDisplayed(staff, { studyId: study.studyId, seriesId: randomUUID(), frames: 1 });
    const receipts = await Consent.readReceipts(patient, {});
    expect(receipts.openings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ who: "You", device: "phone" }),
        expect.objectContaining({ who: "Dr Vale" }),
      ]),
    );
    expect(receipts.looks).toMatchObject([{ who: expect.stringMatching(/radiologist/) }]);
    expect((await Consent.readReceipts(clinician, {})).looks).toEqual([]);
    await Consent.askAbout(patient, { at: receipts.looks[0]?.at ?? "", words: "Why?" });
    await Consent.endMine(patient, { linkId });
    expect(await codeOf(Consent.readMine(clinician, {}))).toBe("link-ended");
    expect(await codeOf(Consent.readMine(patient, {}))).toBe("done");
  });

  it("a contact that another patient has too is read back again before anything goes there", async () => {
    const [one, two] = [await sent(), await sent()];
    const address = `shared.${randomUUID()}@example.org`;
    await contactOf(staff, one.patientId, address);
    const { contactId } = await contactOf(staff, two.patientId, address);
    const hour = at(staff, new Date(Date.now() + 3_600_000));
    const share = (ctx: Ctx) =>
      Consent.share(ctx, {
        ...{
          linkId: randomUUID(),
          scopes: [{ studyId: two.studyId }],
          delivery: "sent",
          contactId,
          hasReport: false,
        },
      });
    expect(await codeOf(share(hour))).toBe("CONTACT_TO_CONFIRM");
    await Consent.confirmContact(hour, { contactId });
    expect(await codeOf(share(hour))).toBe("done");
  });
});
