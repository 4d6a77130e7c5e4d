export { establish } from "./establish-organisation.ts";
export { list } from "./list-organisations.ts";
export { readOrganisations } from "./organisation.store.ts";
export type { Organisation } from "./organisation.ts";
