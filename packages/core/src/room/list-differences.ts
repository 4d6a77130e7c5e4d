import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { readOrganisations } from "../organisation/index.ts";
import * as Timeline from "../timeline/index.ts";
import { findDifferencesOf } from "./outcome.store.ts";
import { mayListDifferences } from "./room.policy.ts";

const MOST = 200;
const MOST_STUDIES = 5000;

/**
 * Reports of one's own trust from which a meeting's review differs, anywhere in the region, until their addendum has come. Of whom
 * one may read; what is restricted to others is counted, and they have it.
 */
export const listDifferences = defineAction({
  name: "room.list-differences",
  purpose: "reporting",
  input: z.object({}),
  policy: mayListDifferences,
  load: async () => null,
  async run(tx) {
    const found = await findDifferencesOf(tx, organisationOf(tx.actor) ?? "", MOST);
    const rows = await Timeline.rowsOfPatients(
      tx,
      [...new Set(found.map((one) => one.patientId))],
      MOST_STUDIES,
    );
    const names = await namesOf(
      tx,
      found.map(({ openedBy }) => openedBy),
    );
    const trusts = new Map((await readOrganisations(tx)).map(({ odsCode, name }) => [odsCode, name]));
    const shown = found.flatMap(
      ({ patientId, openedBy, organisation, openedAt, author, closedAt: _closed, ...one }) => {
        const row = rows.get(patientId)?.rows.find(({ studyId }) => studyId === one.studyId);
        if (!row) return [];
        return [
          {
            ...one,
            study: { description: row.description, date: row.studyDate, modalities: row.modalities },
            author: author ?? undefined,
            openedAt: openedAt.toISOString(),
            openedBy: names.get(openedBy) ?? openedBy,
            meetingOf: trusts.get(organisation) ?? organisation,
          },
        ];
      },
    );
    return { differences: shown, withheld: found.length - shown.length };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { differences: done?.differences.length ?? 0 } }),
  },
});
