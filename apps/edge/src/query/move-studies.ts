import { type DicomJson, EXPLICIT_LITTLE, IMPLICIT_LITTLE, splitPart10, text, texts } from "@weald/dicom";
import type { ApplicationEntity } from "../config.ts";
import {
  type Caller,
  type ConnectTo,
  type Destination,
  DimseRefused,
  type MoveCount,
  type Moved,
  type MoveRequest,
  type Proposal,
  STATUS,
} from "../dimse/service.ts";
import { RegionRefused } from "../forward/region-client.ts";
import type { Dicomweb } from "./dicomweb.ts";
import { refusalOf } from "./find-studies.ts";
import { levelOf, SERIES_UID, SOP_UID, STUDY_UID } from "./identifier.ts";

const SOP_CLASS = "00080016";
/** Available Transfer Syntax UID. */
const SYNTAXES = "00083002";
const MOST_CONTEXTS = 100;
const AS_STORED = "*";
/** What an archive holds, where the region doesn't say what an object is in. */
const COMMON = ["50", "51", "57", "70", "80", "81", "90", "91", "201", "202", "203"]
  .map((last) => `1.2.840.10008.1.2.4.${last}`)
  .concat("1.2.840.10008.1.2.5");

export type ToMove = { path: string; sopClassUid: string; sopInstanceUid: string; syntaxes: string[] };

export type MoveOptions = {
  web: Dicomweb;
  entities: readonly ApplicationEntity[];
  connectTo: ConnectTo;
};

type Way = { tell: (count: MoveCount) => Promise<void>; signal: AbortSignal };

/** Where the objects that are asked for are listed: one search a study, series or object that is named. */
function listings(identifier: DicomJson): { path: string; matches: [string, string][] }[] {
  const level = levelOf(identifier);
  const [studies, series, objects] = [STUDY_UID, SERIES_UID, SOP_UID].map((tag) => texts(identifier, tag));
  const [study] = studies ?? [];
  if (!study || (level !== "STUDY" && studies?.length !== 1))
    throw new DimseRefused(STATUS.identifierMismatch, "The study must be named.");
  if (level === "STUDY")
    return (studies ?? []).map((uid) => ({ path: `/studies/${uid}/instances`, matches: [] }));
  if (!series?.length || (level === "IMAGE" && series.length !== 1))
    throw new DimseRefused(STATUS.identifierMismatch, "The series must be named.");
  const below = series.map((uid) => `/studies/${study}/series/${uid}/instances`);
  if (level === "SERIES") return below.map((path) => ({ path, matches: [] }));
  if (!objects?.length) throw new DimseRefused(STATUS.identifierMismatch, "The objects must be named.");
  return below.map((path) => ({ path, matches: [[SOP_UID, objects.join(",")]] }));
}

function toMove(found: DicomJson): ToMove[] {
  const [study, series, sop, sopClassUid] = [STUDY_UID, SERIES_UID, SOP_UID, SOP_CLASS].map((tag) =>
    text(found, tag),
  );
  if (!study || !series || !sop || !sopClassUid) return [];
  const path = `/studies/${study}/series/${series}/instances/${sop}`;
  return [{ path, sopClassUid, sopInstanceUid: sop, syntaxes: texts(found, SYNTAXES) }];
}

async function objectsOf(web: Dicomweb, identifier: DicomJson, signal: AbortSignal): Promise<ToMove[]> {
  const includes = [STUDY_UID, SERIES_UID, SOP_UID, SOP_CLASS, SYNTAXES];
  const objects: ToMove[] = [];
  for (const listing of listings(identifier))
    for await (const found of web.search({ ...listing, includes }, signal)) objects.push(...toMove(found));
  return objects;
}

/** Each class in the syntaxes that its objects have, and uncompressed: what isn't taken as it is may be taken so. */
function proposalsOf(objects: readonly ToMove[]): Proposal[] {
  const pairs = new Map<string, Proposal>();
  for (const { sopClassUid, syntaxes } of objects)
    for (const transferSyntaxUid of [
      ...(syntaxes.length > 0 ? syntaxes : COMMON),
      EXPLICIT_LITTLE,
      IMPLICIT_LITTLE,
    ])
      pairs.set(`${sopClassUid} ${transferSyntaxUid}`, { sopClassUid, transferSyntaxUid });
  return [...pairs.values()];
}

/** An association holds a limited number of contexts: the objects in groups that fit. */
function groupsOf(objects: readonly ToMove[]): ToMove[][] {
  const groups: ToMove[][] = [];
  for (const object of objects) {
    const last = groups.at(-1);
    if (last && proposalsOf([...last.slice(-1), object]).length === proposalsOf(last.slice(-1)).length) {
      last.push(object);
      continue;
    }
    if (last && proposalsOf([...last, object]).length <= MOST_CONTEXTS) last.push(object);
    else groups.push([object]);
  }
  return groups;
}

/** As it is stored where that is taken, else uncompressed. */
async function moveOne(
  { web, destination, signal }: { web: Dicomweb; destination: Destination; signal: AbortSignal },
  { path, sopClassUid, sopInstanceUid, syntaxes }: ToMove,
): Promise<boolean> {
  const accepted = destination.accepted(sopClassUid);
  const asStored = syntaxes.length === 0 || syntaxes.some((uid) => accepted.includes(uid));
  const wishes = [
    ...(asStored ? [AS_STORED] : []),
    ...[EXPLICIT_LITTLE, IMPLICIT_LITTLE].filter((uid) => accepted.includes(uid)),
  ];
  for (const wish of wishes) {
    // What isn't wanted after all is not read to its end.
    const over = new AbortController();
    try {
      const one = await web.retrieve(path, wish, AbortSignal.any([signal, over.signal]));
      const { transferSyntaxUid, dataset } = await splitPart10(one);
      if (!accepted.includes(transferSyntaxUid)) continue;
      const status = await destination.store({ sopClassUid, sopInstanceUid, transferSyntaxUid }, dataset);
      // Bxxx: taken, with a warning.
      return status === STATUS.success || status >> 12 === 0xb;
    } catch (error) {
      if (!(error instanceof RegionRefused) || error.status !== 406) throw error;
    } finally {
      over.abort();
    }
  }
  return false;
}

/** C-MOVE at study root: what the region gives to the system that asks goes to a registered system by C-STORE. */
export async function moveStudies(
  { web, entities, connectTo }: MoveOptions,
  { caller, request, way }: { caller: Caller; request: MoveRequest; way: Way },
): Promise<Moved> {
  const { tell, signal } = way;
  const entity = entities.find(({ title }) => title === request.destination);
  if (!entity?.host || !entity.port)
    throw new DimseRefused(STATUS.destinationUnknown, "The destination is not registered.");
  const objects = await objectsOf(web, request.identifier, signal).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const count: MoveCount = { remaining: objects.length, completed: 0, failed: 0, warning: 0 };
  const failedUids: string[] = [];

  function ended(object: ToMove, isMoved: boolean): void {
    count.remaining -= 1;
    if (isMoved) count.completed += 1;
    else {
      count.failed += 1;
      failedUids.push(object.sopInstanceUid);
    }
  }

  for (const group of groupsOf(objects)) {
    const { messageId } = request;
    const destination = await connectTo({ entity, caller, messageId }, proposalsOf(group)).catch(
      () => undefined,
    );
    try {
      for (const object of group) {
        if (signal.aborted) return { status: STATUS.cancelled, count, failedUids };
        const isMoved = destination
          ? await moveOne({ web, destination, signal }, object).catch(() => false)
          : false;
        ended(object, isMoved);
        await tell({ ...count });
      }
    } finally {
      destination?.release();
    }
  }
  if (count.failed === 0) return { status: STATUS.success, count, failedUids };
  const status = count.completed === 0 ? STATUS.moveFailed : STATUS.someFailed;
  return { status, comment: `${count.failed} of ${objects.length} could not be sent.`, count, failedUids };
}
