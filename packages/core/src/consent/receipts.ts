import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Organisation from "../organisation/index.ts";
import { findLinks } from "./link.store.ts";
import { type Link, stateOf } from "./link.ts";
import { findOpenings, type Opening } from "./link-session.store.ts";
import { mayPassOn, mayUseLink } from "./mine.policy.ts";
import { type Mine, mineFacts, nothingHere } from "./mine-facts.ts";
import { REVIEWERS, raiseTask } from "./task.store.ts";

const MOST_LOOKS = 1000;
const MOST_LINKS = 100;
const MOST_OPENINGS = 200;

const whoOf = ({ recipient, passedTo }: Link): string => {
  if (recipient === "passed-on") return passedTo ?? "Somebody to whom you passed it on";
  return recipient === "proxy" ? "Who acts for the patient" : "You";
};

type Receipt = { linkId: string; who: string; at: string; device: Opening["device"] };

async function openingsOf(tx: Tx, links: readonly Link[]): Promise<Receipt[]> {
  const byId = new Map(links.map((link) => [link.id, link]));
  const openings = await findOpenings(tx, [...byId.keys()], MOST_OPENINGS);
  return openings.flatMap(({ linkId, at, device }) => {
    const link = byId.get(linkId);
    return link ? [{ linkId, who: whoOf(link), at: at.toISOString(), device }] : [];
  });
}

/** Staff's looks at what the link shows, of whichever trust: none for whom it was passed on to. */
async function looksAt(tx: Tx, { link, items }: Mine): Promise<Audit.PlainLook[]> {
  if (link.recipient === "passed-on") return [];
  const shown = new Set(items.map(({ studyId }) => studyId));
  const rows = await Audit.findLooksAt(tx, [link.patientId], ["displayed", "taken-out"], MOST_LOOKS);
  const names = new Map(
    (await Organisation.readOrganisations(tx)).map(({ odsCode, name }) => [odsCode, name]),
  );
  const staff = rows.filter(
    ({ studyId, actorKind }) => studyId !== null && shown.has(studyId) && actorKind !== "patient",
  );
  return Audit.plainLooks(staff, names);
}

async function read(tx: Tx, mine: Mine) {
  const passed = await findLinks(tx, { parentId: mine.link.id }, MOST_LINKS);
  return {
    openings: await openingsOf(tx, [mine.link, ...passed]),
    passedOn: passed.map((link) => ({
      ...{ linkId: link.id, to: link.passedTo ?? "", state: stateOf(link, tx.now) },
      ...{ endsAt: link.endsAt.toISOString(), mayDownload: link.mayDownload, hasReport: link.hasReport },
    })),
    looks: await looksAt(tx, mine),
  };
}

/** Who opened the link and what was passed on of it, and every look of staff at the images that it shows, in plain words. */
export const readReceipts = defineAction({
  name: "consent.read-receipts",
  admits: "patients",
  input: z.object({}),
  policy: mayUseLink,
  absent: nothingHere,
  load: (tx) => mineFacts(tx),
  run: async (tx, _input, mine) => ({ receipts: await read(tx, mine), link: mine.link }),
  after: async (_ctx, { receipts }) => receipts,
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) =>
      done
        ? {
            ...{ patientId: done.link.patientId, custodian: done.link.organisation },
            detail: { linkId: done.link.id, looks: done.receipts.looks.length },
          }
        : {},
  },
});

/** Asks about one look: the trust's privacy officers answer. Not for whom it was passed on to. */
export const askAbout = defineAction({
  name: "consent.ask-about",
  admits: "patients",
  input: z.object({ at: z.iso.datetime(), words: z.string().trim().min(2).max(1000) }),
  policy: mayPassOn,
  absent: nothingHere,
  async load(tx) {
    const mine = await mineFacts(tx);
    return { ...mine, recipient: mine.link.recipient };
  },
  async run(tx, { at, words }, { link }) {
    await raiseTask(tx, {
      ...{ organisation: link.organisation, kind: "access-asked", forWhom: REVIEWERS },
      ...{ patientId: link.patientId, linkId: link.id, words: `${at}: ${words}` },
    });
    return link;
  },
  after: async () => ({ asked: true }),
  audit: {
    how: "each",
    verb: "told",
    subjects: (_input, done) =>
      done
        ? {
            ...{ patientId: done.patientId, custodian: done.organisation },
            detail: { linkId: done.id, act: "access-asked" },
          }
        : {},
  },
});
