import type { OpenedStudy } from "../contract.ts";

export type Admitted = { studies: readonly OpenedStudy[]; refused: readonly OpenedStudy[] };

/** Only studies of the patient whose name stands above: another's never hangs beside them, whoever opened it. */
export function ofOnePatient(opened: readonly OpenedStudy[]): Admitted {
  const current = opened.find(({ role }) => role === "current") ?? opened[0];
  const isSame = ({ study }: OpenedStudy) => study.patientId === current?.study.patientId;
  return { studies: opened.filter(isSame), refused: opened.filter((one) => !isSame(one)) };
}
