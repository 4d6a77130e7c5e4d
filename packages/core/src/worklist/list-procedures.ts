import { z } from "zod";
import { defineAction, Invalid, organisationOf } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { findProcedures, type ProcedureRow } from "./procedures.store.ts";
import { mayListProcedures } from "./worklist.policy.ts";

const MOST = 1000;
const MOST_DAYS = 62;
const DAY_MS = 24 * 3_600_000;

/** The images of one request belong to one study, whichever modality asks: without a UID of the order's own it is made of it. */
const studyUidOf = (row: ProcedureRow): string =>
  row.study_instance_uid ?? Study.derivedUid("request", row.custodian, row.issuer, row.accession_number);

const procedureOf = (row: ProcedureRow) => ({
  accessionNumber: row.accession_number,
  issuer: row.issuer,
  procedureCode: row.procedure_code,
  procedureText: row.procedure_text,
  referrer: row.referrer ?? undefined,
  priority: row.priority,
  question: row.question ?? undefined,
  state: row.state,
  scheduledAt: row.scheduled_at.toISOString(),
  modality: row.modality ?? undefined,
  stationAe: row.station_ae ?? undefined,
  stationName: row.station_name ?? undefined,
  location: row.location ?? undefined,
  requestedProcedureId: row.requested_procedure_id ?? row.accession_number,
  scheduledStepId: row.scheduled_step_id ?? row.accession_number,
  studyInstanceUid: studyUidOf(row),
  localNumber: row.local_number,
  nhsNumber: row.nhs_number ?? undefined,
  family: row.family,
  given: row.given,
  middle: row.middle,
  prefix: row.prefix,
  birthDate: row.birth_date?.toISOString().slice(0, 10),
  sex: row.sex ?? undefined,
});
export type Procedure = ReturnType<typeof procedureOf>;

/**
 * What the trust's modalities are to do: requests of this trust that are requested, booked or arrived and that no modality
 * has completed. Made of HL7 messages and of nothing else (clinical page §1). A restricted patient is on it too: who scans
 * them must not type their name.
 *
 * @throws {Invalid} `RANGE_TOO_WIDE` over 62 days
 */
export const listProcedures = defineAction({
  name: "worklist.list-procedures",
  input: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }),
  policy: mayListProcedures,
  load: async () => null,
  async run(tx, input) {
    const [from, to] = [new Date(input.from), new Date(input.to)];
    if (to.getTime() - from.getTime() > MOST_DAYS * DAY_MS)
      throw new Invalid("RANGE_TOO_WIDE", "A modality worklist spans at most 62 days.");
    const custodian = organisationOf(tx.actor) ?? "";
    const rows = await findProcedures(tx, { custodian, from, to, limit: MOST + 1 });
    const procedures = rows.slice(0, MOST).map(procedureOf);
    return { procedures, isCut: rows.length > MOST, custodian };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) =>
      done ? { custodian: done.custodian, detail: { procedures: done.procedures.length } } : {},
  },
});
