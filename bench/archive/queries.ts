/** What PACS and viewers ask of many studies (tests/fixtures/many-studies.ts). */
export const QUERIES = (studies: number): Record<string, string> => ({
  "QIDO by patient": "/studies?PatientID=MANY-77",
  "QIDO by date range and modality": "/studies?StudyDate=20200301-20200331&ModalitiesInStudy=CT&limit=100",
  "QIDO first page of 50": "/studies?limit=50",
  "QIDO deep page of 50": `/studies?limit=50&offset=${Math.min(9_950, Math.floor(studies * 0.9))}`,
});
