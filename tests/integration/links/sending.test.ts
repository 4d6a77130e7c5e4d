import { randomUUID } from "node:crypto";
import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import { type Notice, NotifierRefused, NotifierUnavailable } from "@weald/core/ports";
import type { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, rows, systemCtx } from "../sent.ts";
import { at, doorOf, newestTo, opened, openRegion, sendStudy, shared, somebody } from "./patient.ts";

const MORNING = new Date("2026-12-02T10:00:00Z");
const later = (minutes: number) => new Date(MORNING.getTime() + minutes * 60_000);

describe("what is sent to patients", () => {
  let region: Region;
  let staff: Ctx;
  beforeAll(async () => {
    ({ region, staff } = await openRegion());
  });
  afterAll(() => region.stop());

  const sent = () => sendStudy(region, { of: somebody() });
  /** Our own timer at that time, by a notifier that does this. */
  function timer(time: Date, send?: (notice: Notice) => Promise<{ deliveredId: string }>): Ctx {
    const ctx = at(systemCtx(region), time);
    if (!send) return ctx;
    return { ...ctx, service: { ...ctx.service, ports: { ...ctx.service.ports, notifier: { send } } } };
  }
  const fails = (error: Error) => () => Promise.reject(error);

  it("waits for working hours, unless it was asked to go now", async () => {
    const study = await sent();
    const saturday = new Date("2026-12-05T10:00:00Z");
    const waits = await shared(staff, study, { delivery: "sent" });
    const goes = await shared(staff, study, { delivery: "sent", isUrgent: true });
    await Consent.sendMessages(timer(saturday), {});
    expect(await newestTo(region, waits.address, "link")).toBeUndefined();
    expect(await newestTo(region, goes.address, "link")).toBeDefined();
    await Consent.sendMessages(timer(new Date("2026-12-07T08:00:00Z")), {});
    const letter = await newestTo(region, waits.address, "link");
    expect(letter?.text).toMatch(/\/link#/);
    // The link's token is chance, and may spell any of them.
    const words = `${letter?.subject} ${letter?.text}`.replace(/\/link#\S+/, "");
    expect(words).not.toMatch(/Ash|Robin|chest|DX|x-?ray|LNK-/i);
  });

  it("is tried again with waits that grow, and told to who sent it once it can't be delivered", async () => {
    const study = await sent();
    const { linkId, address } = await shared(staff, study, { delivery: "sent" });
    const away = fails(new NotifierUnavailable("away"));
    await Consent.sendMessages(timer(MORNING, away), {});
    const tried = () =>
      rows<{ tries: number; state: string }>(
        region,
        "SELECT tries, state FROM message_to_send WHERE link_id = $1::uuid",
        linkId,
      );
    expect(await tried()).toEqual([{ tries: 1, state: "waiting" }]);
    await Consent.sendMessages(timer(new Date(MORNING.getTime() + 30_000), away), {});
    expect(await tried()).toEqual([{ tries: 1, state: "waiting" }]);
    await Consent.sendMessages(timer(later(2), away), {});
    expect(await tried()).toEqual([{ tries: 2, state: "waiting" }]);
    await Consent.sendMessages(timer(later(10)), {});
    expect(await newestTo(region, address, "link")).toBeDefined();

    const refused = await shared(staff, study, { delivery: "sent" });
    await Consent.sendMessages(timer(later(20), fails(new NotifierRefused("no such address"))), {});
    expect((await Consent.listTasks(staff, {})).tasks).toContainEqual(
      expect.objectContaining({ kind: "not-delivered", linkId: refused.linkId }),
    );
    const { links } = await Consent.listOfStudy(staff, { studyId: study.studyId });
    expect(links.find((one) => one.linkId === refused.linkId)?.delivery).toMatchObject({
      state: "failed",
      failed: "NOTIFIER_REFUSED",
    });
  });

  it("is nothing more, not even a code, from the moment that quiet or the S-flag was asked for", async () => {
    const study = await sent();
    const { address, token } = await opened(region, staff, study);
    const codes = async () => (await region.letters()).filter((one) => one.to === address).length;
    const before = await codes();
    await Consent.setWishes(staff, { patientId: study.patientId, callFirst: "no", quiet: "yes" });
    await Consent.askCode(doorOf(region), { token });
    expect(await codes()).toBe(before);
    await Consent.setWishes(staff, { patientId: study.patientId, callFirst: "no", quiet: "no" });
    await rows(
      region,
      "UPDATE patient_record SET sensitivities = '{s-flag}' WHERE patient_id = $1::uuid RETURNING id",
      study.patientId,
    );
    await Consent.askCode(doorOf(region), { token });
    expect(await codes()).toBe(before);
  });

  it("one wish that is written down never writes over the other, nor over another trust's", async () => {
    const { patientId } = await sent();
    await Consent.setWishes(staff, { patientId, callFirst: "yes" });
    await Consent.setWishes(staff, { patientId, quiet: "yes" });
    const both = { callFirst: true, quiet: true };
    expect(await Consent.readWishes(staff, { patientId })).toEqual({ own: both, counts: both });
    // As another trust wrote it down, it counts here too and isn't ours to take back.
    await rows(
      region,
      `INSERT INTO patient_sharing (patient_record_id, organisation, patient_id, quiet_at, changed_by, changed_at)
       VALUES ($2::uuid, 'RTK', $1::uuid, now(), 'somebody', now()) RETURNING organisation`,
      patientId,
      randomUUID(),
    );
    const after = await Consent.setWishes(staff, { patientId, quiet: "no" });
    expect(after).toEqual({
      own: { callFirst: true, quiet: false },
      counts: { callFirst: true, quiet: true },
    });
  });

  it("a proxy: by a contact of their own, suspended at the patient's age with both told before, and not of what is kept from proxies", async () => {
    const study = await sendStudy(region, { of: somebody({ born: "20131215" }) });
    const { studyId, patientId } = study;
    const proxyId = randomUUID();
    await Consent.saveProxy(staff, {
      ...{
        proxyId,
        patientId,
        name: "Mrs Ash",
        basis: "parental-responsibility",
        evidence: "birth certificate",
      },
    });
    const contactId = randomUUID();
    const address = `mrs.${randomUUID()}@example.org`;
    await Consent.saveContact(staff, { contactId, patientId, proxyId, channel: "email", address });
    const linkId = randomUUID();
    await Consent.share(staff, {
      ...{ linkId, proxyId, contactId, scopes: [{ studyId, shows: { kind: "study" } }] },
      ...{ delivery: "sent", hasReport: false, isUrgent: true },
    });
    await Consent.keepProxies(timer(MORNING), {});
    await Consent.sendMessages(timer(MORNING), {});
    expect(await newestTo(region, address, "proxy-review")).toBeDefined();
    await Consent.keepProxies(timer(new Date("2026-12-16T10:00:00Z")), {});
    const { proxies } = await Consent.listProxies(staff, { patientId });
    expect(proxies).toMatchObject([{ suspendedFor: 13 }]);
    const again = {
      linkId: randomUUID(),
      proxyId,
      contactId,
      scopes: [{ studyId }],
      delivery: "sent" as const,
      hasReport: false,
    };
    expect(await codeOf(Consent.share(staff, again))).toBe("PROXY_SUSPENDED");
    await Consent.reviewProxy(staff, { proxyId });
    await Consent.markRelease(staff, { studyId, mark: "notToProxies" });
    const preview = await Consent.previewShare(staff, { studyIds: [studyId], proxyId, hasReport: false });
    expect(preview.studies).toMatchObject([{ release: { state: "held", why: ["not-to-proxies"] } }]);
    await Consent.endProxy(staff, { proxyId });
    const { links } = await Consent.listOfPatient(staff, { patientId });
    expect(links.find((one) => one.linkId === linkId)).toMatchObject({ state: "ended", endedWhy: "proxy" });
  });
});
