import type { DicomJson } from "@weald/dicom";
import { type Caller, DimseRefused, STATUS } from "../dimse/service.ts";
import { RegionAway, RegionRefused } from "../forward/region-client.ts";
import type { Dicomweb } from "./dicomweb.ts";
import { answerOf, searchOf } from "./identifier.ts";

/** A region that can't be reached or refuses, in the words of DIMSE. Nothing of it looks like "no matches". */
export function refusalOf(error: unknown): unknown {
  if (error instanceof RegionAway)
    return new DimseRefused(STATUS.unableToProcess, "The region can't be reached. Ask again later.", error);
  if (!(error instanceof RegionRefused)) return error;
  if (error.status === 401 || error.status === 403)
    return new DimseRefused(STATUS.notAuthorised, "This system may not ask for that.");
  if (error.status === 400) return new DimseRefused(STATUS.outOfResources, "Narrow the query.");
  return new DimseRefused(STATUS.unableToProcess, `The region answered ${error.status}.`, error);
}

/** C-FIND at study root: the region's answers, as the system that asks may have them. */
export async function* findStudies(
  web: Dicomweb,
  { caller, identifier, signal }: { caller: Caller; identifier: DicomJson; signal: AbortSignal },
): AsyncGenerator<DicomJson> {
  const search = searchOf(identifier);
  try {
    for await (const found of web.search(search, signal))
      yield answerOf(identifier, found, caller.calledTitle);
  } catch (error) {
    throw refusalOf(error);
  }
}
