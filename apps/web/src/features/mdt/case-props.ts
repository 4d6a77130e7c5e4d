import { nameOf } from "#features/shell/patient-banner.tsx";
import type { Case, Meeting } from "./readiness.tsx";

export type CaseProps = { read: Meeting; one: Case; onChanged(): void };

export const caseName = ({ identity }: Pick<Case, "identity">): string =>
  identity ? nameOf(identity) : "Restricted record";
