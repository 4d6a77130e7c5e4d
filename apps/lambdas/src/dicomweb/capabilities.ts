import { baseUrlOf } from "./base-url.ts";
import type { Door } from "./door.ts";
import { negotiate } from "./negotiate.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";

/** One resource of PS3.18 §10 as the capabilities document tells of it; below one trust's own path each stands too. */
export type Capability = {
  path: string;
  method: "GET" | "POST";
  name: string;
  parameters?: readonly string[];
  request?: readonly string[];
  response: readonly string[];
};

const SEARCH = ["{attribute}", "includefield", "limit", "offset", "fuzzymatching", "accept"] as const;
const FOUND = ["application/dicom+json", "application/json"] as const;
const search = (path: string, name: string): Capability => ({
  path,
  method: "GET",
  name,
  parameters: SEARCH,
  response: FOUND,
});

const OBJECTS = ['multipart/related; type="application/dicom"', "application/dicom"] as const;
const PIXELS = ['multipart/related; type="application/octet-stream"', "application/octet-stream"] as const;
const PICTURES = ["image/jpeg", "image/png"] as const;
const INSTANCE = "/studies/{study}/series/{series}/instances/{instance}";
const LEVELS = {
  Study: "/studies/{study}",
  Series: "/studies/{study}/series/{series}",
  Instance: INSTANCE,
} as const;

const retrieve = (path: string, name: string, response: readonly string[]): Capability => ({
  path,
  method: "GET",
  name: `Retrieve${name}`,
  parameters: ["accept"],
  response,
});

const retrieves: readonly Capability[] = [
  ...Object.entries(LEVELS).flatMap(([level, path]) => [
    retrieve(path, level, OBJECTS),
    retrieve(`${path}/metadata`, `${level}Metadata`, FOUND),
    retrieve(`${path}/rendered`, `Rendered${level}`, PICTURES),
    retrieve(`${path}/thumbnail`, `${level}Thumbnail`, PICTURES),
  ]),
  retrieve(`${INSTANCE}/frames/{frames}`, "Frames", PIXELS),
  retrieve(`${INSTANCE}/frames/{frames}/rendered`, "RenderedFrames", PICTURES),
  retrieve(`${INSTANCE}/frames/{frames}/thumbnail`, "FrameThumbnail", PICTURES),
  retrieve(`${INSTANCE}/bulkdata/{attribute}`, "Bulkdata", PIXELS),
];

/** A test compares these with the routes. */
export const CAPABILITIES: readonly Capability[] = [
  search("/studies", "SearchForStudies"),
  search("/series", "SearchForSeries"),
  search("/studies/{study}/series", "SearchForStudySeries"),
  search("/instances", "SearchForInstances"),
  search("/studies/{study}/instances", "SearchForStudyInstances"),
  search("/studies/{study}/series/{series}/instances", "SearchForStudySeriesInstances"),
  ...retrieves,
  {
    path: "/studies",
    method: "POST",
    name: "StoreInstances",
    request: ['multipart/related; type="application/dicom"', "application/dicom"],
    response: ["application/dicom+json"],
  },
  {
    path: "/studies/{study}",
    method: "POST",
    name: "StoreStudyInstances",
    request: ['multipart/related; type="application/dicom"', "application/dicom"],
    response: ["application/dicom+json"],
  },
];

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const representations = (types: readonly string[]) =>
  types.map((type) => `<representation mediaType="${escaped(type)}"/>`).join("");
const asked = ({ parameters = [], request = [] }: Capability) =>
  parameters.length + request.length === 0
    ? ""
    : `<request>${parameters.map((name) => `<param name="${name}" style="query"/>`).join("")}${representations(request)}</request>`;
const method = (capability: Capability) =>
  `<method name="${capability.method}" id="${capability.name}">${asked(capability)}<response>${representations(capability.response)}</response></method>`;

function byPath(): Map<string, Capability[]> {
  const paths = new Map<string, Capability[]>();
  for (const capability of CAPABILITIES)
    paths.set(capability.path, [...(paths.get(capability.path) ?? []), capability]);
  return paths;
}

/** @see DICOM PS3.18 §8.9.4, Annex H (WADL) */
function wadl(base: string): string {
  const resources = [...byPath()].map(
    ([path, capabilities]) =>
      `<resource path="${path.slice(1)}">${capabilities.map(method).join("")}</resource>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<application xmlns="http://wadl.dev.java.net/2009/02"><resources base="${escaped(base)}/">${resources.join("")}</resources></application>
`;
}

/** A capability's path and nothing of whom or what is held: the same for everyone who has a token. */
export async function tellCapabilities(door: Door, request: DoorRequest): Promise<DoorResponse> {
  await door.ask("organisation.list", {});
  const type = negotiate(request, ["application/vnd.sun.wadl+xml", "application/json"]);
  const base = baseUrlOf(request);
  const body =
    type === "application/json"
      ? `${JSON.stringify({ base, resources: CAPABILITIES }, null, 2)}\n`
      : wadl(base);
  return { status: 200, headers: { "content-type": `${type}; charset=utf-8` }, body };
}
