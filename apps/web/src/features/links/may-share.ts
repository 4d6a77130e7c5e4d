import type { PersonActor } from "@weald/core/kernel";

/** Whether a page offers it: whoever serves patients of the trust that holds the images. The action decides. */
export const mayOffer = (actor: PersonActor | undefined, custodian: string): boolean =>
  actor !== undefined && actor.organisation === custodian;
