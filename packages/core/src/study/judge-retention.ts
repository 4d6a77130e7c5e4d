import type { Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Request from "../request/index.ts";
import type { KeptStudy } from "./retention.store.ts";
import { kindsSaid, type Retention, retentionOf } from "./retention.ts";

export type JudgedStudy = Retention & { studyId: string; studyDate: string };

/** The rule, with what the region knows of these studies, their patients and their requests. */
export async function judgeRetention(
  tx: Tx,
  custodian: string,
  studies: readonly KeptStudy[],
): Promise<JudgedStudy[]> {
  const records = await Patient.findRecordsByIds(tx, [...new Set(studies.map((one) => one.patientRecordId))]);
  const bornOf = new Map(records.map(({ id, facts }) => [id, facts.birthDate]));
  const accessions = studies.flatMap(({ accessionNumber }) => (accessionNumber ? [accessionNumber] : []));
  const asked = await Request.findWords(tx, custodian, accessions);
  return studies.map((study) => {
    const texts = [study.description ?? "", ...(asked.get(study.accessionNumber ?? "") ?? [])];
    const retention = retentionOf({
      studyDate: study.studyDate,
      birthDate: bornOf.get(study.patientRecordId),
      kinds: kindsSaid({ texts, modalities: study.modalities }),
      isHeld: study.isHeld,
    });
    return { studyId: study.id, studyDate: study.studyDate, ...retention };
  });
}
