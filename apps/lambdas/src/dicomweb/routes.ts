import type { Front } from "@weald/adapters/front";
import { type Door, DoorRefused, doorFor } from "./door.ts";
import { type DoorRequest, type DoorResponse, refusal } from "./respond.ts";
import { retrieve } from "./retrieve.ts";
import { RETRIEVE_PATH } from "./retrieve-target.ts";
import { STORE_PATH, store } from "./store.ts";

type Route = (door: Door, request: DoorRequest) => Promise<DoorResponse>;

/** Method and path of each transaction (PS3.18 §10), first match wins. */
const ROUTES: readonly { method: string; path: RegExp; answer: Route }[] = [
  { method: "POST", path: STORE_PATH, answer: store },
  { method: "GET", path: RETRIEVE_PATH, answer: retrieve },
];

const notHere: Route = async (door, request) => {
  // Without a token nobody learns what is here.
  await door.ask("organisation.list", {});
  return refusal(404, {
    code: "NO_SUCH_RESOURCE",
    message: `There is nothing at this path: ${request.path}`,
  });
};

/** Answers one DICOMweb request. Never throws: what went wrong is a response. */
export async function answerRequest(front: Front, request: DoorRequest): Promise<DoorResponse> {
  const door = doorFor(front, request.headers.authorization ?? null);
  const route = ROUTES.find(({ method, path }) => method === request.method && path.test(request.path));
  try {
    return await (route?.answer ?? notHere)(door, request);
  } catch (error) {
    if (error instanceof DoorRefused) return refusal(error.status, error.refused);
    return refusal(503, { code: "UNAVAILABLE", message: "The region can't answer just now. Try again." });
  }
}
