import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { mayAdminister } from "./activity-grant.policy.ts";
import { grantsOf } from "./activity-grant.store.ts";
import { namesOf, peopleOf } from "./person.store.ts";

/** Who may do what at the administrator's organisation: by their role, and by what was given beside it. */
export const listPeople = defineAction({
  name: "identity.list-people",
  input: z.object({}),
  policy: mayAdminister,
  load: async (tx) => ({ personId: undefined, organisation: organisationOf(tx.actor) }),
  async run(tx) {
    const organisation = organisationOf(tx.actor) ?? "";
    const grants = await grantsOf(tx, organisation);
    const people = await peopleOf(
      tx,
      organisation,
      grants.map(({ personId }) => personId),
    );
    const givers = await namesOf(
      tx,
      grants.flatMap(({ grantedBy, endedBy }) => (endedBy ? [grantedBy, endedBy] : [grantedBy])),
    );
    const known = new Set(people.map(({ personId }) => personId));
    const unknown = [...new Set(grants.map(({ personId }) => personId))].filter((id) => !known.has(id));
    const all = [
      ...people,
      ...unknown.map((personId) => ({
        ...{ personId, displayName: personId, role: null, seenAt: null },
        activities: [] as string[],
      })),
    ];
    return all.map((person) => ({
      ...person,
      grants: grants
        .filter(({ personId }) => personId === person.personId)
        .map(({ personId: _, ...grant }) => ({
          ...grant,
          grantedByName: givers.get(grant.grantedBy) ?? grant.grantedBy,
          isOver: grant.endsAt <= tx.now,
        })),
    }));
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { people: done?.length ?? 0 } }),
  },
});
