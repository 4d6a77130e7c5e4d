import { z } from "zod";
import { ACTIVITIES, defineAction, Invalid, organisationOf } from "../kernel/index.ts";
import { mayAdminister } from "./activity-grant.policy.ts";
import { writeGrant } from "./activity-grant.store.ts";
import { LONGEST_DAYS } from "./activity-grant.ts";
import { namePerson } from "./person.store.ts";

const DAY_MS = 86_400_000;

/**
 * Gives a person an activity at the administrator's organisation, from a day to a day, for all or for some modalities and
 * body parts (clinical page §19). It counts from the person's next request: nothing is cached.
 */
export const grantActivity = defineAction({
  name: "identity.grant-activity",
  input: z.object({
    /** The identity provider's user id. */
    personId: z.string().regex(/^[\w.-]{1,64}$/),
    /** What they are called, for somebody who hasn't signed in yet. */
    displayName: z.string().trim().min(3).max(200).optional(),
    activity: z.enum(ACTIVITIES),
    modalities: z
      .array(z.string().regex(/^[A-Z]{2,16}$/))
      .max(20)
      .default([]),
    bodyParts: z
      .array(z.string().regex(/^[A-Z0-9_ ]{2,16}$/))
      .max(20)
      .default([]),
    startsAt: z.coerce.date().optional(),
    endsAt: z.coerce.date(),
    reason: z.string().trim().min(3).max(500),
  }),
  policy: mayAdminister,
  load: async (tx, { personId }) => ({ personId, organisation: organisationOf(tx.actor) }),
  async run(tx, { displayName, startsAt = tx.now, endsAt, ...grant }) {
    const organisation = organisationOf(tx.actor) ?? "";
    if (endsAt <= startsAt || endsAt <= tx.now)
      throw new Invalid(
        "GRANT_ENDS_BEFORE_IT_BEGINS",
        "Choose an end that is still to come, after the start.",
      );
    if (endsAt.getTime() - startsAt.getTime() > LONGEST_DAYS * DAY_MS)
      throw new Invalid("GRANT_TOO_LONG", "A year at most: then somebody looks at it again.");
    if (displayName) await namePerson(tx, { id: grant.personId, displayName, organisation });
    const grantId = await writeGrant(tx, {
      ...grant,
      ...{ organisation, startsAt, endsAt, grantedBy: tx.actor.id },
    });
    return { grantId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ personId, activity, modalities, bodyParts, endsAt }, done) => ({
      detail: {
        grant: done?.grantId ?? null,
        person: personId,
        activity,
        isScoped: modalities.length + bodyParts.length > 0,
        until: endsAt.toISOString(),
      },
    }),
  },
});
