import { type DicomJson, sequence, text } from "@weald/dicom";
import { z } from "zod";
import { DimseRefused, STATUS } from "../dimse/service.ts";
import type { AskRegion } from "../forward/region-client.ts";
import { refusalOf } from "../query/find-studies.ts";
import { matchesKeys } from "./match.ts";
import { itemOf, type Procedure, ProcedureShape } from "./worklist-item.ts";

const STEP = "00400100";
const START_DATE = "00400002";
const DAY_MS = 24 * 3_600_000;
/** Without a date: what is to be done about now. */
const DAYS_BACK = 7;
const DAYS_AHEAD = 30;

const Answer = z.object({ procedures: z.array(ProcedureShape), isCut: z.boolean() });

const dayOf = (date: string): number =>
  Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T00:00:00Z`);

/** The days that are asked for, one more at each end: a date is the trust's, the region counts in UTC. */
function rangeOf(identifier: DicomJson): { from: Date; to: Date } {
  const [step = {}] = sequence(identifier, STEP);
  const said = text(step, START_DATE)?.trim() ?? "";
  const [first = "", last = first] = said.split("-");
  const now = Date.now();
  const from = first ? dayOf(first) : now - DAYS_BACK * DAY_MS;
  const to = last ? dayOf(last) : (first ? from : now) + DAYS_AHEAD * DAY_MS;
  if (Number.isNaN(from) || Number.isNaN(to))
    throw new DimseRefused(STATUS.identifierMismatch, "The date can't be read.");
  return { from: new Date(from - DAY_MS), to: new Date(to + 2 * DAY_MS) };
}

/** What was asked for and nothing else, in sequences too. */
function onlyAsked(identifier: DicomJson, found: DicomJson): DicomJson {
  const answer: DicomJson = {};
  for (const [tag, asked] of Object.entries(identifier)) {
    if (tag.endsWith("0000")) continue;
    const known = found[tag];
    const [item] = sequence(identifier, tag);
    if (item && known?.vr === "SQ")
      answer[tag] = { vr: "SQ", Value: sequence(found, tag).map((one) => onlyAsked(item, one)) };
    else answer[tag] = known ?? { vr: asked.vr };
  }
  return answer;
}

async function asked(ask: AskRegion, range: { from: Date; to: Date }): Promise<Procedure[]> {
  const input = { from: range.from.toISOString(), to: range.to.toISOString() };
  const { procedures, isCut } = await ask("worklist.listProcedures", input, Answer);
  if (isCut) throw new DimseRefused(STATUS.outOfResources, "Narrow the query to fewer days.");
  return procedures;
}

/** Modality worklist: what the trust's modalities are to do, matched here by the keys that modalities use. */
export async function* findProcedures(
  ask: AskRegion,
  { identifier, signal }: { identifier: DicomJson; signal: AbortSignal },
): AsyncGenerator<DicomJson> {
  let procedures: Procedure[];
  try {
    procedures = await asked(ask, rangeOf(identifier));
  } catch (error) {
    throw refusalOf(error);
  }
  for (const procedure of procedures) {
    if (signal.aborted) return;
    const item = itemOf(procedure);
    if (!matchesKeys(identifier, item)) continue;
    yield { ...onlyAsked(identifier, item), "00080005": { vr: "CS", Value: ["ISO_IR 192"] } };
  }
}
