import { type Door, refuse } from "./door.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";
import { retrieveBulk } from "./retrieve-bulk.ts";
import { retrieveFrames } from "./retrieve-frames.ts";
import { retrieveMetadata } from "./retrieve-metadata.ts";
import { retrieveObjects } from "./retrieve-objects.ts";
import { retrieveRendered, retrieveThumbnail } from "./retrieve-rendered.ts";
import { type Target, targetOf } from "./retrieve-target.ts";

type Answer = (door: Door, request: DoorRequest, target: Target) => Promise<DoorResponse>;

/** What each resource below a study, series or instance is answered by. @see DICOM PS3.18 §10.4.1.1 */
const RESOURCES: readonly { rest: RegExp; answer: Answer }[] = [
  { rest: /^$/, answer: retrieveObjects },
  { rest: /^metadata$/, answer: retrieveMetadata },
  { rest: /^frames\/[0-9,]+$/, answer: retrieveFrames },
  { rest: /^bulkdata\//, answer: retrieveBulk },
  { rest: /rendered$/, answer: retrieveRendered },
  { rest: /thumbnail$/, answer: retrieveThumbnail },
];

export async function retrieve(door: Door, request: DoorRequest): Promise<DoorResponse> {
  const target = targetOf(request.path);
  const resource = target && RESOURCES.find(({ rest }) => rest.test(target.rest));
  if (!target || !resource)
    return refuse("not_found", "NO_SUCH_RESOURCE", `There is nothing at this path: ${request.path}`);
  return resource.answer(door, request, target);
}
