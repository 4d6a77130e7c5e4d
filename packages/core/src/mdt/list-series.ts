import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, may, organisationOf, type Tx } from "../kernel/index.ts";
import { mayListOwn } from "./mdt.policy.ts";
import { findMembers, findSeriesFor } from "./meeting.store.ts";

/** The series that somebody builds lists for or belongs to. */
export const seriesFor = (tx: Tx) =>
  findSeriesFor(tx, {
    organisation: may(tx.actor, "list-for-mdt") ? (organisationOf(tx.actor) ?? undefined) : undefined,
    personId: tx.actor.id,
  });

/** One's series with who belongs to them. */
export const listSeries = defineAction({
  name: "mdt.list-series",
  input: z.object({}),
  policy: mayListOwn,
  load: async () => null,
  async run(tx) {
    const series = await seriesFor(tx);
    const members = await findMembers(
      tx,
      series.map(({ id }) => id),
    );
    const names = await namesOf(
      tx,
      members.map(({ personId }) => personId),
    );
    return series.map((one) => ({
      ...one,
      endedAt: undefined,
      members: members
        .filter(({ seriesId }) => seriesId === one.id)
        .map(({ seriesId: _, ...member }) => ({
          ...member,
          name: names.get(member.personId) ?? member.personId,
        })),
    }));
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { series: done?.length ?? 0 } }),
  },
});
