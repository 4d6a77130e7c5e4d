import { Conflict, type Tx } from "../kernel/index.ts";
import type { Fixed } from "../mdt/index.ts";
import * as Timeline from "../timeline/index.ts";

const MOST_STUDIES = 500;

/** What this actor may see of a case's patient: each study with the versions that it and its report stand in. */
export async function studiesOf(tx: Tx, patientId: string): Promise<Timeline.GatheredRows> {
  const found = await Timeline.rowsOfPatients(tx, [patientId], MOST_STUDIES);
  return found.get(patientId) ?? { rows: [], expected: [], isCut: false, versions: new Map() };
}

/**
 * Studies and reports as they stand at this moment.
 *
 * @throws {Conflict} `STUDY_NOT_OF_CASE`: one of them is no longer this patient's, or not this actor's to see
 */
export function fix({ rows, versions }: Timeline.GatheredRows, studyIds: readonly string[]): Fixed {
  const fixed: Fixed = { studies: [], reports: [] };
  for (const studyId of new Set(studyIds)) {
    const row = rows.find((one) => one.studyId === studyId);
    const version = versions.get(studyId);
    if (!row || !version)
      throw new Conflict(
        "STUDY_NOT_OF_CASE",
        "One of these studies is not this patient's, or can't be seen any more. Look again.",
      );
    fixed.studies.push({ studyId, servedVersion: version.servedVersion, images: row.imageCount });
    if (version.report) fixed.reports.push({ studyId, ...version.report });
  }
  return fixed;
}

/** Reports that are not what they were when somebody fixed them: by study. */
export function changedReports({ versions }: Timeline.GatheredRows, fixed: Fixed): string[] {
  return fixed.studies.flatMap(({ studyId }) => {
    const was = fixed.reports.find((one) => one.studyId === studyId);
    const now = versions.get(studyId)?.report;
    return now && (now.reportId !== was?.reportId || now.version !== was.version) ? [studyId] : [];
  });
}
