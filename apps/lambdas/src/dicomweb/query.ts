import type { DicomJson } from "@weald/dicom";
import { baseUrlOf } from "./base-url.ts";
import type { Door } from "./door.ts";
import { negotiate } from "./negotiate.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";

const TRUST = "(?:/(?<custodian>[A-Z0-9]{3,6}))?";
const STUDY = "/studies/(?<studyInstanceUid>[0-9.]{1,64})";
const SERIES = "/series/(?<seriesInstanceUid>[0-9.]{1,64})";

/** Every path of PS3.18 Table 10.6.1-1. */
export const STUDIES_PATH = new RegExp(`^${TRUST}/studies$`);
export const SERIES_PATH = new RegExp(`^${TRUST}(?:${STUDY})?/series$`);
export const INSTANCES_PATH = new RegExp(`^${TRUST}(?:${STUDY}(?:${SERIES})?)?/instances$`);

/** Of the request, not of the search. */
const OF_THE_REQUEST = new Set(["accept", "charset"]);
const JSON_TYPES = ["application/dicom+json", "application/json"] as const;

type Found = { matches: DicomJson[]; isCut: boolean; copiesDiffer: boolean };

const parametersOf = ({ query }: DoorRequest): [string, string][] =>
  [...query].filter(([name]) => !OF_THE_REQUEST.has(name));

/** Names and values of the path that stand in the request. */
const namedIn = (path: RegExp, request: DoorRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(path.exec(request.path)?.groups ?? {}).filter(([, value]) => value !== undefined),
  );

/** The action gives a path below the door; the caller gets the whole address. */
function addressed(base: string, dataset: DicomJson): DicomJson {
  const url = dataset["00081190"];
  return url ? { ...dataset, "00081190": { ...url, Value: [`${base}${url.Value?.[0] ?? ""}`] } } : dataset;
}

/** @see DICOM PS3.18 §10.6.3.2 */
const WARNINGS = {
  isCut:
    "The number of results exceeded the maximum supported by the server. Additional results can be requested.",
  copiesDiffer:
    "Another trust holds one of these studies with other instances. Search at its own path to see them.",
} as const;

function warningOf(base: string, found: Found): Record<string, string> {
  const said = [
    ...(found.isCut ? [WARNINGS.isCut] : []),
    ...(found.copiesDiffer ? [WARNINGS.copiesDiffer] : []),
  ].map((text) => `299 ${base} "${text}"`);
  return said.length > 0 ? { warning: said.join(", ") } : {};
}

function respond(request: DoorRequest, type: string, found: Found): DoorResponse {
  const base = baseUrlOf(request);
  return {
    status: 200,
    headers: {
      "content-type": type,
      "cache-control": "private, no-store",
      ...warningOf(base, found),
    },
    body: JSON.stringify(found.matches.map((dataset) => addressed(base, dataset))),
  };
}

/** What can't be given is not searched for; but without a token nobody is told of it either. */
async function typeFor(door: Door, request: DoorRequest): Promise<string> {
  try {
    return negotiate(request, JSON_TYPES);
  } catch (refused) {
    await door.ask("organisation.list", {});
    throw refused;
  }
}

async function search(
  door: Door,
  request: DoorRequest,
  ask: (named: Record<string, string>, parameters: [string, string][]) => Promise<Found>,
  path: RegExp,
): Promise<DoorResponse> {
  const type = await typeFor(door, request);
  return respond(request, type, await ask(namedIn(path, request), parametersOf(request)));
}

export const queryStudies = (door: Door, request: DoorRequest): Promise<DoorResponse> =>
  search(
    door,
    request,
    (named, parameters) => door.ask("study.find-studies", { ...named, parameters }),
    STUDIES_PATH,
  );

export const querySeries = (door: Door, request: DoorRequest): Promise<DoorResponse> =>
  search(
    door,
    request,
    (named, parameters) => door.ask("study.find-series", { ...named, parameters }),
    SERIES_PATH,
  );

export const queryInstances = (door: Door, request: DoorRequest): Promise<DoorResponse> =>
  search(
    door,
    request,
    (named, parameters) => door.ask("study.find-instances", { ...named, parameters }),
    INSTANCES_PATH,
  );
