import type { Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findWishes } from "./release.store.ts";
import { EXCLUDED } from "./release.ts";

/** Nothing goes to who asked for quiet, nor to anybody about who is hidden or bears the S-flag (clinical page §13), whatever was made before. */
export async function maySend(tx: Tx, patientId: string, to: "patient" | "somebody-else"): Promise<boolean> {
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  const isExcluded = records.some(({ sensitivities }) => sensitivities.some((one) => EXCLUDED.includes(one)));
  if (isExcluded) return false;
  return to === "somebody-else" || !(await findWishes(tx, patientId)).quietAt;
}
