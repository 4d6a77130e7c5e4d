import { z } from "zod";
import { Conflict, defineAction, NotFound, type Tx } from "../kernel/index.ts";
import { ofRecord } from "./contacts.ts";
import { endLinks } from "./link.store.ts";
import {
  BASES,
  endProxyNow,
  findProxies,
  findProxy,
  insertProxy,
  noteReview,
  type PatientProxy,
} from "./proxy.store.ts";
import { agePassed } from "./proxy.ts";
import { findSettings } from "./release.store.ts";
import { mayServe } from "./staff.policy.ts";
import { noSuchPatient, type PatientSide, patientSide } from "./staff-facts.ts";

const noSuchProxy = () =>
  new NotFound("PROXY_NOT_FOUND", "There is no such proxy, or it isn't your trust's.");

async function proxySide(tx: Tx, proxyId: string): Promise<PatientSide & { proxy: PatientProxy }> {
  const proxy = await findProxy(tx, proxyId);
  if (!proxy) throw noSuchProxy();
  const side = await patientSide(tx, proxy.patientId);
  if (side.organisation !== proxy.organisation) throw noSuchProxy();
  return { ...side, proxy };
}

const ageNow = async (tx: Tx, { organisation, record }: PatientSide) =>
  agePassed(record.identity.birthDate, (await findSettings(tx, organisation)).reviewAge, tx.now);

/** Somebody who acts for a patient: on which basis, and what was seen of it. @throws {NotFound} `PATIENT_NOT_FOUND` */
export const saveProxy = defineAction({
  name: "consent.save-proxy",
  input: z.object({
    ...{ proxyId: z.uuid(), patientId: z.uuid(), name: z.string().trim().min(2).max(120) },
    ...{ basis: z.enum(BASES), evidence: z.string().trim().min(3).max(400) },
  }),
  policy: mayServe,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  async run(tx, { proxyId: id, name, basis, evidence }, side) {
    const reviewedFor = (await ageNow(tx, side)) ?? null;
    await insertProxy(tx, { id, ...ofRecord(side), name, basis, evidence, reviewedFor });
    return ofRecord(side);
  },
  after: async (_ctx, _done, { proxyId }) => ({ proxyId }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ proxyId, patientId, basis }, done) => ({
      patientId,
      ...(done ? { custodian: done.organisation } : {}),
      detail: { proxyId, basis, act: "proxy-saved" },
    }),
  },
});

const ofProxy = (act: string) => ({
  how: "each" as const,
  verb: "changed" as const,
  subjects: ({ proxyId }: { proxyId: string }, done: PatientProxy | undefined) => ({
    ...(done ? { patientId: done.patientId, custodian: done.organisation } : {}),
    detail: { proxyId, act },
  }),
});

/** They act for the patient no more: their links end. @throws {NotFound} `PROXY_NOT_FOUND` */
export const endProxy = defineAction({
  name: "consent.end-proxy",
  input: z.object({ proxyId: z.uuid() }),
  policy: mayServe,
  absent: noSuchProxy,
  load: (tx, { proxyId }) => proxySide(tx, proxyId),
  async run(tx, { proxyId }, { proxy }) {
    await endProxyNow(tx, proxyId, { by: tx.actor.id, why: "by-staff" });
    await endLinks(tx, { proxyId }, { by: tx.actor.id, why: "proxy" });
    return proxy;
  },
  after: async (_ctx, { id }) => ({ proxyId: id }),
  audit: ofProxy("proxy-ended"),
});

/**
 * Their access was looked at again at the patient's age, with the patient, and goes on.
 *
 * @throws {NotFound} `PROXY_NOT_FOUND` @throws {Conflict} `NOTHING_TO_REVIEW`
 */
export const reviewProxy = defineAction({
  name: "consent.review-proxy",
  input: z.object({ proxyId: z.uuid() }),
  policy: mayServe,
  absent: noSuchProxy,
  load: (tx, { proxyId }) => proxySide(tx, proxyId),
  async run(tx, { proxyId }, { proxy }) {
    if (!proxy.suspendedFor || !proxy.suspendedAt)
      throw new Conflict("NOTHING_TO_REVIEW", "This access waits for no review.");
    await noteReview(tx, proxyId, proxy.suspendedFor);
    return proxy;
  },
  after: async (_ctx, { id }) => ({ proxyId: id }),
  audit: ofProxy("proxy-reviewed"),
});

/** Who acts for a patient, as one's own trust knows it. @throws {NotFound} `PATIENT_NOT_FOUND` */
export const listProxies = defineAction({
  name: "consent.list-proxies",
  input: z.object({ patientId: z.uuid() }),
  policy: mayServe,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  run: async (tx, { patientId }, { organisation }) => ({
    proxies: await findProxies(tx, { patientId, organisation }),
    organisation,
  }),
  after: async (_ctx, { proxies }) => ({
    proxies: proxies.map(({ id, name, basis, evidence, seenBy, seenAt, suspendedAt, suspendedFor }) => ({
      ...{ proxyId: id, name, basis, evidence, seenBy, suspendedFor },
      seenAt: seenAt.toISOString(),
      suspendedAt: suspendedAt?.toISOString(),
    })),
  }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({
      patientId,
      ...(done ? { custodian: done.organisation, detail: { proxies: done.proxies.length } } : {}),
    }),
  },
});
