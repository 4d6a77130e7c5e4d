import { z } from "zod";
import { defineAction, organisationOf, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { endLinks } from "./link.store.ts";
import { mayEndOfIssuer, mayOversee } from "./staff.policy.ts";
import { linkSide, noSuchLink, noSuchPatient, patientSide } from "./staff-facts.ts";

type Ended = Awaited<ReturnType<typeof endLinks>>;
const byStaff = (tx: Tx) => ({ by: tx.actor.id, why: "by-staff" }) as const;
const counted = ({ ended }: { ended: Ended }) => ({ ended: ended.length });

/** One row for each: whoever asks what became of a link finds it. */
const rowsOf = (custodian: string | undefined, ended: Ended | undefined, act: string) =>
  (ended ?? []).map(({ id, patientId }) => ({
    patientId,
    ...(custodian ? { custodian } : {}),
    detail: { linkId: id, act },
  }));

/** Ends one link, and whatever was passed on of it. From this moment it gives nothing. @throws {NotFound} `LINK_NOT_FOUND` */
export const endLink = defineAction({
  name: "consent.end-link",
  input: z.object({ linkId: z.uuid() }),
  policy: mayOversee,
  absent: noSuchLink,
  load: (tx, { linkId }) => linkSide(tx, linkId),
  run: async (tx, { linkId }, { organisation }) => ({
    organisation,
    ended: await endLinks(tx, { id: linkId }, byStaff(tx)),
  }),
  after: async (_ctx, done) => counted(done),
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) => rowsOf(done?.organisation, done?.ended, "ended"),
  },
});

/** Every link of a patient that one's own trust issued. @throws {NotFound} `PATIENT_NOT_FOUND` */
export const endOfPatient = defineAction({
  name: "consent.end-of-patient",
  input: z.object({ patientId: z.uuid() }),
  policy: mayOversee,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  run: async (tx, { patientId }, { organisation }) => ({
    organisation,
    ended: await endLinks(tx, { organisation, patientId }, byStaff(tx)),
  }),
  after: async (_ctx, done) => counted(done),
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) => rowsOf(done?.organisation, done?.ended, "ended-of-patient"),
  },
});

/** Every link that shows anything of a study. @throws {NotFound} `STUDY_NOT_FOUND` */
export const endOfStudy = defineAction({
  name: "consent.end-of-study",
  input: z.object({ studyId: z.uuid() }),
  policy: mayOversee,
  absent: Study.noSuchStudy,
  async load(tx, { studyId }) {
    const { study, record: _record, ...reading } = await Study.heldStudyFacts(tx, studyId);
    return { organisation: study.custodian, reading };
  },
  run: async (tx, { studyId }, { organisation }) => ({
    organisation,
    ended: await endLinks(tx, { organisation, studyId }, byStaff(tx)),
  }),
  after: async (_ctx, done) => counted(done),
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) => rowsOf(done?.organisation, done?.ended, "ended-of-study"),
  },
});

/** Every link that somebody issued for one's own trust: they left, or their account was another's. */
export const endOfIssuer = defineAction({
  name: "consent.end-of-issuer",
  input: z.object({ issuedBy: z.string().min(1).max(64) }),
  policy: mayEndOfIssuer,
  load: async (_tx, { issuedBy }) => ({ issuedBy }),
  async run(tx, { issuedBy }) {
    const organisation = organisationOf(tx.actor) ?? "";
    return { organisation, ended: await endLinks(tx, { organisation, issuedBy }, byStaff(tx)) };
  },
  after: async (_ctx, done) => counted(done),
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) => rowsOf(done?.organisation, done?.ended, "ended-of-issuer"),
  },
});
