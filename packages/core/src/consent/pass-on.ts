import { z } from "zod";
import { Conflict, defineAction, Invalid, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { endLinks, findLinks, insertLink, type NewLink } from "./link.store.ts";
import { type Item, Scopes } from "./link.ts";
import { enqueueMessage } from "./message.store.ts";
import { mayPassOn, mayUseLink } from "./mine.policy.ts";
import { type Mine, mineFacts, nothingHere } from "./mine-facts.ts";
import { isWithin, itemsOf } from "./scope.ts";

const DAY = 86_400_000;
const MOST_ALIVE = 10;
const MOST_LISTED = 100;

const Input = z.object({
  /** Made by the page: asked twice, it is one link. */
  linkId: z.uuid(),
  name: z.string().trim().min(2).max(120),
  address: z.email().max(254),
  /** Without it: all that one's own shows. */
  scopes: Scopes.optional(),
  hasReport: z.boolean(),
  mayDownload: z.boolean(),
  days: z.number().int().min(1).max(90),
});
type Input = z.output<typeof Input>;

async function itemsFor(tx: Tx, { scopes }: Input, { items }: Mine): Promise<readonly Item[]> {
  if (!scopes) return items;
  const wanted: Item[] = [];
  for (const scope of scopes) {
    const asked = scope.shows.kind === "images" ? scope.shows.images.map(({ instanceId }) => instanceId) : [];
    const found = asked.length > 0 ? await Study.findInstancesOfStudy(tx, scope.studyId, asked) : [];
    wanted.push(
      ...itemsOf(
        scope,
        found.map(({ id, seriesId }) => ({ instanceId: id, seriesId })),
      ),
    );
  }
  if (!isWithin(wanted, items))
    throw new Invalid("SCOPE_TOO_WIDE", "You can pass on what you see yourself, and nothing else.");
  return wanted;
}

function childOf(tx: Tx, input: Input, { link }: Mine): NewLink {
  const endsAt = new Date(tx.now.getTime() + input.days * DAY);
  const { organisation, patientRecordId, patientId, proxyId, issuedBy } = link;
  return {
    ...{ id: input.linkId, organisation, patientRecordId, patientId, proxyId, issuedBy },
    ...{ recipient: "passed-on", parentId: link.id, passedTo: input.name, passedAddress: input.address },
    ...{ contactId: undefined, delivery: "sent", purpose: "care-elsewhere", asksBirthDate: false },
    hasReport: link.hasReport && input.hasReport,
    mayDownload: link.mayDownload && input.mayDownload,
    endsAt: endsAt < link.endsAt ? endsAt : link.endsAt,
  };
}

async function checkRoom(tx: Tx, { link }: Mine): Promise<void> {
  const alive = (await findLinks(tx, { parentId: link.id }, MOST_LISTED)).filter(
    ({ endedAt, endsAt }) => !endedAt && endsAt > tx.now,
  );
  if (alive.length >= MOST_ALIVE)
    throw new Conflict(
      "TOO_MANY_PASSED_ON",
      "You have passed this on ten times. End one that isn't needed first.",
    );
}

/**
 * Passes on what one sees, or some of it, to a clinician of one's choosing: by a link of its own that shows no more, lasts no longer, and
 * ends with one's own.
 *
 * @throws {Invalid} `SCOPE_TOO_WIDE` @throws {Conflict} `TOO_MANY_PASSED_ON`
 */
export const passOn = defineAction({
  name: "consent.pass-on",
  admits: "patients",
  input: Input,
  policy: mayPassOn,
  absent: nothingHere,
  async load(tx) {
    const mine = await mineFacts(tx);
    return { ...mine, recipient: mine.link.recipient };
  },
  async run(tx, input, mine) {
    await checkRoom(tx, mine);
    const child = childOf(tx, input, mine);
    const { id: linkId, organisation, patientId, issuedBy: madeBy } = child;
    if (await insertLink(tx, child, await itemsFor(tx, input, mine)))
      // Whoever passes it on waits for it: it goes now.
      await enqueueMessage(tx, {
        ...{ organisation, patientId, linkId, template: "passed-on", isUrgent: true, madeBy },
      });
    return { link: mine.link, endsAt: child.endsAt };
  },
  after: async (_ctx, { endsAt }, { linkId }) => ({ linkId, endsAt: endsAt.toISOString() }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ linkId }, done) =>
      done
        ? {
            ...{ patientId: done.link.patientId, custodian: done.link.organisation },
            detail: { linkId, parentId: done.link.id, act: "passed-on" },
          }
        : {},
  },
});

/** Ends one's own link, or one that one passed on. */
export const endMine = defineAction({
  name: "consent.end-mine",
  admits: "patients",
  input: z.object({ linkId: z.uuid().optional() }),
  policy: mayUseLink,
  absent: nothingHere,
  load: (tx) => mineFacts(tx),
  async run(tx, { linkId }, { link }) {
    const theirs = linkId === undefined || linkId === link.id ? [link] : [];
    const passed = (await findLinks(tx, { parentId: link.id }, MOST_LISTED)).filter(
      ({ id }) => id === linkId,
    );
    const [chosen] = [...theirs, ...passed];
    if (!chosen) throw nothingHere();
    const ended = await endLinks(tx, { id: chosen.id }, { by: tx.actor.id, why: "by-patient" });
    return { link, ended };
  },
  after: async (_ctx, { ended }) => ({ ended: ended.length }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) =>
      (done?.ended ?? []).map(({ id, patientId }) => ({
        patientId,
        ...(done ? { custodian: done.link.organisation } : {}),
        detail: { linkId: id, act: "ended-by-patient" },
      })),
  },
});
