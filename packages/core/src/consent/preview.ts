import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { MOST_STUDIES } from "./link.ts";
import { findProxy } from "./proxy.store.ts";
import { findStudyRelease, findWishes } from "./release.store.ts";
import type { Release } from "./release.ts";
import { releaseOf } from "./release-facts.ts";
import { mayShare } from "./staff.policy.ts";
import { sharedStudies } from "./staff-facts.ts";

/** What is never shared is told apart from what is held by nobody's screen: its refusal looks like any other. */
type Said = Extract<Release, { state: "open" | "held" }> | { state: "cannot-be-shared" };
const said = (release: Release): Said =>
  release.state === "never" ? { state: "cannot-be-shared" } : release;

/** What would go out, and what holds it back now: for whoever is about to share. @throws {NotFound} `STUDY_NOT_FOUND` */
export const previewShare = defineAction({
  name: "consent.preview-share",
  input: z.object({
    studyIds: z.array(z.uuid()).min(1).max(MOST_STUDIES),
    proxyId: z.uuid().optional(),
    hasReport: z.boolean(),
  }),
  policy: mayShare,
  absent: Study.noSuchStudy,
  load: (tx, { studyIds }) => sharedStudies(tx, studyIds),
  async run(tx, { proxyId, hasReport }, { studies }) {
    const proxy = proxyId ? await findProxy(tx, proxyId) : undefined;
    const asked = { recipient: proxy ? "proxy" : "patient", proxyId: proxy?.id, hasReport } as const;
    const all = [];
    for (const facts of studies) {
      const marks = await findStudyRelease(tx, facts.study.id);
      all.push({
        studyId: facts.study.id,
        release: said(await releaseOf(tx, facts, asked)),
        isTold: marks.toldAt !== undefined,
        isHeld: marks.heldAt !== undefined,
        isNotToProxies: marks.notToProxiesAt !== undefined,
      });
    }
    const [first] = studies;
    const wishes = first ? await findWishes(tx, first.study.patientId) : undefined;
    return {
      studies: all,
      callsFirst: wishes?.callFirstAt !== undefined,
      isQuiet: wishes?.quietAt !== undefined,
      patientId: first?.study.patientId,
    };
  },
  audit: {
    how: "coalesced",
    verb: "opened",
    subjects: ({ studyIds }, done) =>
      studyIds.map((studyId) => ({
        studyId,
        ...(done?.patientId ? { patientId: done.patientId } : {}),
        detail: { act: "preview" },
      })),
  },
});
