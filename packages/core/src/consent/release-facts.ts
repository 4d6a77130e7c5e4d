import * as Annotation from "../annotation/index.ts";
import type { Tx } from "../kernel/index.ts";
import * as Reporting from "../reporting/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import type { Link } from "./link.ts";
import { findRules, findStudyRelease, findWishes, type StatedRule } from "./release.store.ts";
import { decideRelease, type Release, type ReleaseFacts, type Rule } from "./release.ts";

/** For whom it would go out, and what of it. */
export type Asked = Pick<Link, "recipient" | "proxyId" | "hasReport">;

const RANK = { "at-once": 0, "after-days": 1, "after-told": 2 } as const;
const daysOf = (rule: Rule) => (rule.kind === "after-days" ? rule.days : 0);

/** The rule for all of a study's modalities: the most careful of them, and none where one of them has none. */
export function ruleFor(
  rules: readonly Pick<StatedRule, "modality" | "rule">[],
  modalities: readonly string[],
) {
  const stated = modalities.map(
    (modality) =>
      rules.find((one) => one.modality === modality)?.rule ?? rules.find((one) => one.modality === "")?.rule,
  );
  const all = stated.filter((rule) => rule !== undefined);
  if (all.length === 0 || all.length < stated.length) return undefined;
  return all.toSorted((a, b) => RANK[b.kind] - RANK[a.kind] || daysOf(b) - daysOf(a))[0];
}

/** Procedures that are done because somebody may have hurt the patient, by the trusts' words for them (clinical page §13). */
const ABUSE =
  /skeletal survey|non[- ]?accidental|\bNAI\b|(suspected|possible) (physical )?abuse|safeguarding/i;

const FINAL = ["final", "amended", "addendum"];

/** Versions that a patient may read: none before the first final one, and none once the newest was taken back. */
export function readable(versions: readonly Reporting.ReleasableVersion[]) {
  return versions[0]?.status === "cancelled" ? [] : versions.filter(({ status }) => FINAL.includes(status));
}

export async function findReportOf(tx: Tx, { study }: Study.StudyFacts) {
  const { custodian, accessionNumber, accessionIssuer: issuer, patientId } = study;
  if (!accessionNumber) return { versions: [], request: undefined };
  const of = { custodian, accessionNumber, issuer, patientId };
  return { versions: await Reporting.findReleasable(tx, of), request: await Request.findRequest(tx, of) };
}

const latest = (dates: readonly Date[]): Date | undefined =>
  dates.toSorted((a, b) => b.getTime() - a.getTime())[0];

/** All that the release of one study is judged by. */
export async function releaseFacts(tx: Tx, facts: Study.StudyFacts, asked: Asked): Promise<ReleaseFacts> {
  const { study, sensitivities } = facts;
  const { versions, request } = await findReportOf(tx, facts);
  const { completeness } = await Study.describeLinked(tx, facts, {
    ...{ scope: "", seriesIds: undefined, only: undefined },
  });
  const marks = await findStudyRelease(tx, study.id);
  // Without a time nothing can be counted from it: it is as of now, always.
  const studiedAt = study.studiedAt ?? (study.studyDate ? new Date(study.studyDate) : tx.now);
  const finals = readable(versions);
  const isFlagged = versions[0]?.alert !== undefined ? [versions[0].receivedAt] : [];
  const isOnPathway = request?.priority === "two-week-wait" ? [studiedAt] : [];
  return {
    rule: ruleFor(await findRules(tx, study.custodian), study.modalities),
    completeness: completeness.state,
    sensitivities,
    isScreening: await Annotation.isScreeningStudy(tx, facts),
    isSuspectedAbuse: ABUSE.test(`${study.description ?? ""} ${request?.procedureText ?? ""}`),
    isHeldByHand: marks.heldAt !== undefined,
    isNotToProxies: marks.notToProxiesAt !== undefined,
    recipient: asked.recipient,
    isByProxy: asked.proxyId !== undefined,
    hasReport: asked.hasReport,
    studiedAt,
    finalAt: finals.at(-1)?.reportedAt,
    flaggedAt: latest([...isFlagged, ...isOnPathway]),
    toldAt: marks.toldAt,
    callsFirst: (await findWishes(tx, study.patientId)).callFirstAt !== undefined,
  };
}

export const releaseOf = async (tx: Tx, facts: Study.StudyFacts, asked: Asked): Promise<Release> =>
  decideRelease(await releaseFacts(tx, facts, asked), tx.now);
