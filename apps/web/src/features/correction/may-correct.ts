import type { PersonActor } from "@weald/core/kernel";

/** Whether a page offers it; the action decides. */
export const mayCorrect = (actor: PersonActor | undefined, custodian: string): boolean =>
  actor !== undefined &&
  actor.organisation === custodian &&
  actor.activities.some((activity) => activity === "manage-archive" || activity === "acquire");
