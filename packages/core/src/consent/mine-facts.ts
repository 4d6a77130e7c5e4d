import { NotFound, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { findItems, findLink } from "./link.store.ts";
import { type Item, type Link, stateOf } from "./link.ts";
import type { LinkFacts } from "./mine.policy.ts";
import { findProxy } from "./proxy.store.ts";
import type { Release } from "./release.ts";
import { releaseOf } from "./release-facts.ts";
import { scopeIn } from "./scope.ts";
import { heldStudy, isOfLink } from "./staff-facts.ts";

export const nothingHere = () => new NotFound("NOT_FOUND", "There is nothing here that you may see.");

export type Mine = LinkFacts & { link: Link; items: readonly Item[] };

/** The link by which this actor asks, as it stands in this transaction. */
export async function mineFacts(tx: Tx): Promise<Mine> {
  const linkId = tx.actor.kind === "patient" ? tx.actor.linkId : undefined;
  const link = linkId && (await findLink(tx, linkId));
  if (!link) throw nothingHere();
  const proxy = link.proxyId ? await findProxy(tx, link.proxyId) : undefined;
  return {
    linkId: link.id,
    link,
    state: stateOf(link, tx.now),
    isSuspended: proxy !== undefined && (proxy.suspendedAt !== undefined || proxy.endedAt !== undefined),
    items: (await findItems(tx, [link.id])).get(link.id) ?? [],
  };
}

export type Shown = Mine & {
  release: Release | undefined;
  study: Study.StudyFacts | undefined;
  scope: Study.LinkScope | undefined;
};

/** One study of the link, and whether it is open now. Whatever the link doesn't name isn't looked for. */
export async function shownFacts(tx: Tx, studyId: string, mine?: Mine): Promise<Shown> {
  const facts = mine ?? (await mineFacts(tx));
  const none = { ...facts, release: undefined, study: undefined, scope: undefined };
  const scope = scopeIn(facts.link.id, facts.items, studyId);
  const study = scope && (await heldStudy(tx, studyId));
  if (!study || !isOfLink(study, facts.link)) return none;
  return { ...facts, study, scope, release: await releaseOf(tx, study, facts.link) };
}

/** One series: of its own study, and within the link. */
export async function shownSeries(tx: Tx, seriesId: string): Promise<Shown> {
  const mine = await mineFacts(tx);
  const series = await Study.findServedSeries(tx, seriesId);
  if (!series) throw nothingHere();
  const shown = await shownFacts(tx, series.studyId, mine);
  const isNamed = shown.scope?.seriesIds === undefined || shown.scope.seriesIds.has(seriesId);
  return isNamed ? shown : { ...shown, release: undefined, study: undefined, scope: undefined };
}

/** What was decided: a study, and what of it the link shows. */
export function granted({ study, scope }: Shown) {
  if (!study || !scope) throw new Error("decided otherwise");
  return { study, scope };
}

/** As it stands on the audit. */
export const ofStudy = (linkId: string, { study }: Study.StudyFacts) => ({
  patientId: study.patientId,
  studyId: study.id,
  custodian: study.custodian,
  detail: { linkId },
});
