export { add, beginAgreement } from "./add-organisation.ts";
export { type Agreement, type AgreementState, GRACE_MINUTES, KINDS, type Kind } from "./agreement.ts";
export { endAgreement, previewEnd, stopAgreement } from "./end-agreement.ts";
export { establish } from "./establish-organisation.ts";
export { listAgreements } from "./list-agreements.ts";
export { list } from "./list-organisations.ts";
export type { Organisation } from "./organisation.ts";
