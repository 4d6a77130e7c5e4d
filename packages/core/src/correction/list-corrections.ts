import { z } from "zod";
import { defineAction, may, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { mayWatchCorrections } from "./correction.policy.ts";
import { type CorrectionRow, findCorrections, type State } from "./correction.store.ts";
import type { Asked } from "./correction.ts";
import { findTold } from "./notice.store.ts";

const MOST = 50;
const LISTS: Record<"waiting" | "lately", readonly State[]> = {
  waiting: ["waiting"],
  lately: ["done", "undone", "declined"],
};

/** Who was told, by role and trust: who they are is the identity provider's. */
export type Told = {
  personId: string | undefined;
  role: string | undefined;
  organisation: string;
  openedAt: string | undefined;
  acknowledgedAt: string | undefined;
};

export type ListedCorrection = {
  correctionId: string;
  studyId: string;
  asked: Asked;
  state: State;
  isUndo: boolean;
  reason: string;
  askedBy: string;
  askedAt: string;
  decidedBy: string | undefined;
  decidedAt: string | undefined;
  mayBeConfirmed: boolean;
  study: { description: string | undefined; studyDate: string | undefined } | undefined;
  /** `undefined`: restricted, or known no more. */
  from: Patient.PatientIdentity | undefined;
  to: Patient.PatientIdentity | undefined;
  told: Told[];
};

const mayName = (tx: Tx) => may(tx.actor, "acquire") || may(tx.actor, "manage-archive");

/** As the trust knows the person; nothing of a restricted record. */
async function identityIn(tx: Tx, custodian: string, patientId: string | undefined) {
  // Who watches over safety learns what was put right, and of nobody's.
  if (!patientId || !mayName(tx)) return undefined;
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  if (records.some(({ sensitivities }) => sensitivities.length > 0)) return undefined;
  return (records.find((record) => record.custodian === custodian) ?? records[0])?.identity;
}

async function shape(tx: Tx, row: CorrectionRow, told: Told[]): Promise<ListedCorrection> {
  const study = await Study.findHeldStudy(tx, row.studyId);
  return {
    correctionId: row.id,
    studyId: row.studyId,
    asked: row.asked,
    state: row.state,
    isUndo: row.undoes !== undefined,
    reason: row.reason,
    askedBy: row.askedBy,
    askedAt: row.askedAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString(),
    mayBeConfirmed: mayName(tx) && row.state === "waiting" && row.askedBy !== tx.actor.id,
    study: study && { description: study.description, studyDate: study.studyDate },
    from: await identityIn(tx, row.custodian, row.fromPatientId),
    to: await identityIn(tx, row.custodian, row.toPatientId),
    told,
  };
}

/** What waits for a second person in one's own trust, or what was corrected lately: the newest first, with who was told. */
export const listCorrections = defineAction({
  name: "correction.list",
  purpose: "operations",
  input: z.object({ which: z.enum(["waiting", "lately"]).default("waiting") }),
  policy: mayWatchCorrections,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, { which }, { custodian }) {
    const rows = await findCorrections(tx, custodian, LISTS[which], MOST);
    const notices = await findTold(
      tx,
      rows.map(({ id }) => id),
    );
    const corrections: ListedCorrection[] = [];
    for (const row of rows) {
      const told = notices
        .filter(({ correctionId }) => correctionId === row.id)
        .map(({ personId, role, organisation, openedAt, acknowledgedAt }) => ({
          personId,
          role,
          organisation,
          openedAt: openedAt?.toISOString(),
          acknowledgedAt: acknowledgedAt?.toISOString(),
        }));
      corrections.push(await shape(tx, row, told));
    }
    return { custodian, corrections, mayDecide: mayName(tx) };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ which }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { which, corrections: done?.corrections.length ?? 0 },
    }),
  },
});
