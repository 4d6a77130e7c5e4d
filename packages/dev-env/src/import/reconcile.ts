import type { ReconcilingApi } from "../send/index.ts";
import type { Found } from "./found.ts";

const ASK_MOST = 1000;

/** One object that the source has and that is not here, or that never had a place. */
export type Difference = {
  studyInstanceUid: string | undefined;
  sopInstanceUid: string | undefined;
  name: string;
  outcome: string;
  code: string | undefined;
  message: string | undefined;
};

export type StudyCount = { studyInstanceUid: string; atSource: number; here: number; heldOfStudy: number };
export type Reconciliation = { studies: StudyCount[]; differences: Difference[] };

const NOT_SENT = "It has not arrived. Start the import again.";

function differenceOf(
  found: Found,
  said: { code?: string | undefined; message?: string | undefined },
): Difference {
  return {
    studyInstanceUid: found.study,
    sopInstanceUid: found.sop,
    name: found.name,
    outcome: found.outcome ?? "not arrived",
    code: said.code ?? found.code,
    message: said.message ?? found.message ?? NOT_SENT,
  };
}

const isMissing = ({ outcome }: Found) => outcome === undefined || outcome === "quarantined";

/** By study, each object once whatever the source has of it twice. */
function byStudy(found: readonly Found[]): Map<string, Map<string, Found>> {
  const studies = new Map<string, Map<string, Found>>();
  for (const one of found) {
    if (one.study === undefined || one.sop === undefined) continue;
    const study = studies.get(one.study) ?? new Map<string, Found>();
    studies.set(one.study, study.set(one.sop, one));
  }
  return studies;
}

/** Counts a study at the source against here, by asking the archive and not by trusting what was answered at sending. */
export async function reconcile(api: ReconcilingApi, found: readonly Found[]): Promise<Reconciliation> {
  const studies: StudyCount[] = [];
  const differences = found
    .filter((one) => (one.study === undefined || one.sop === undefined) && isMissing(one))
    .map((one) => differenceOf(one, {}));
  for (const [studyInstanceUid, objects] of byStudy(found)) {
    const sops = [...objects.keys()];
    let here = sops.length;
    let heldOfStudy = 0;
    for (let from = 0; from < sops.length; from += ASK_MOST) {
      const answer = await api.reconcile(studyInstanceUid, sops.slice(from, from + ASK_MOST));
      heldOfStudy = answer.heldOfStudy;
      here -= answer.notHere.length;
      for (const { sopInstanceUid, ...said } of answer.notHere) {
        const one = objects.get(sopInstanceUid);
        if (one) differences.push(differenceOf(one, said));
      }
    }
    studies.push({ studyInstanceUid, atSource: sops.length, here, heldOfStudy });
  }
  return { studies, differences };
}
