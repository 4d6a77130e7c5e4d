import { z } from "zod";
import * as Identity from "../identity/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { findLinks } from "./link.store.ts";
import { type Link, stateOf } from "./link.ts";
import { findOpenings } from "./link-session.store.ts";
import { findDeliveries } from "./message.store.ts";
import { findProxy } from "./proxy.store.ts";
import { findStudyRelease } from "./release.store.ts";
import type { Release } from "./release.ts";
import { releaseOf } from "./release-facts.ts";
import { mayOversee } from "./staff.policy.ts";
import { noSuchPatient, patientSide, studiesOfLink } from "./staff-facts.ts";

const MOST = 100;
const MOST_OPENINGS = 500;

type Shown = {
  studyId: string;
  description: string | undefined;
  studyDate: string | undefined;
  release: Release;
  isTold: boolean;
};

/** Of a study that isn't the link's any more nothing is said: it was moved, or isn't served. */
async function studiesOf(tx: Tx, link: Link): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const facts of await studiesOfLink(tx, link))
    shown.push({
      studyId: facts.study.id,
      ...{ description: facts.study.description, studyDate: facts.study.studyDate },
      release: await releaseOf(tx, facts, link),
      isTold: (await findStudyRelease(tx, facts.study.id)).toldAt !== undefined,
    });
  return shown;
}

type Around = {
  names: ReadonlyMap<string, string>;
  openings: Awaited<ReturnType<typeof findOpenings>>;
  deliveries: Awaited<ReturnType<typeof findDeliveries>>;
};

async function rowOf(tx: Tx, link: Link, { names, openings, deliveries }: Around) {
  const mine = openings.filter(({ linkId }) => linkId === link.id);
  const delivery = deliveries.get(link.id);
  const studies = stateOf(link, tx.now) === "alive" ? await studiesOf(tx, link) : [];
  const proxy = link.proxyId ? await findProxy(tx, link.proxyId) : undefined;
  return {
    linkId: link.id,
    ...{ recipient: link.recipient, purpose: link.purpose, parentId: link.parentId, passedTo: link.passedTo },
    ...{ hasReport: link.hasReport, mayDownload: link.mayDownload, contactId: link.contactId },
    state: stateOf(link, tx.now),
    endedWhy: link.endedWhy,
    proxyName: proxy?.name,
    issuedBy: { id: link.issuedBy, name: names.get(link.issuedBy) ?? link.issuedBy },
    issuedAt: link.issuedAt.toISOString(),
    endsAt: link.endsAt.toISOString(),
    delivery: {
      how: link.delivery,
      state: delivery?.state ?? (link.deliveredAt ? "handed-over" : "not-yet"),
      failed: delivery?.failed,
      at: link.deliveredAt?.toISOString(),
    },
    openings: { count: mine.length, lastAt: mine[0]?.at.toISOString() },
    studies,
    /** Opened, and nobody has told the patient what it shows (clinical page §18). */
    isReadBeforeTold: mine.length > 0 && studies.some(({ isTold }) => !isTold),
  };
}

async function rowsOf(tx: Tx, links: readonly Link[]) {
  const around: Around = {
    names: await Identity.namesOf(
      tx,
      links.map(({ issuedBy }) => issuedBy),
    ),
    openings: await findOpenings(
      tx,
      links.map(({ id }) => id),
      MOST_OPENINGS,
    ),
    deliveries: await findDeliveries(tx, links),
  };
  const rows = [];
  for (const link of links) rows.push(await rowOf(tx, link, around));
  return rows;
}

/** A patient's links that one's own trust issued, the newest first. @throws {NotFound} `PATIENT_NOT_FOUND` */
export const listOfPatient = defineAction({
  name: "consent.list-of-patient",
  input: z.object({ patientId: z.uuid() }),
  policy: mayOversee,
  absent: noSuchPatient,
  load: (tx, { patientId }) => patientSide(tx, patientId),
  run: async (tx, { patientId }, { organisation }) => ({
    links: await rowsOf(tx, await findLinks(tx, { patientId, organisation }, MOST)),
    organisation,
  }),
  after: async (_ctx, { links }) => ({ links }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({
      patientId,
      ...(done ? { custodian: done.organisation, detail: { links: done.links.length } } : {}),
    }),
  },
});

/** Links that show anything of a study. @throws {NotFound} `STUDY_NOT_FOUND` */
export const listOfStudy = defineAction({
  name: "consent.list-of-study",
  input: z.object({ studyId: z.uuid() }),
  policy: mayOversee,
  absent: Study.noSuchStudy,
  async load(tx, { studyId }) {
    const { study, record: _record, ...reading } = await Study.heldStudyFacts(tx, studyId);
    return { organisation: study.custodian, patientId: study.patientId, reading };
  },
  run: async (tx, { studyId }, { organisation, patientId }) => ({
    links: await rowsOf(tx, await findLinks(tx, { studyId, organisation }, MOST)),
    ...{ organisation, patientId },
  }),
  after: async (_ctx, { links }) => ({ links }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done
        ? { patientId: done.patientId, custodian: done.organisation, detail: { links: done.links.length } }
        : {}),
    }),
  },
});
