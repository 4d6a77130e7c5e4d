import { type StoreResult, storeResponse } from "@weald/dicom";
import { baseUrlOf } from "./base-url.ts";
import { type Door, refuse } from "./door.ts";
import type { DoorRequest, DoorResponse } from "./respond.ts";
import { storeObjects } from "./store-objects.ts";
import { type ObjectToStore, type Received, receivedIn } from "./store-parts.ts";

/** `/studies`, `/studies/{study}`; below a trust's own code where the client is set up so. */
export const STORE_PATH = /^(?:\/(?<trust>[A-Z0-9]{3,6}))?\/studies(?:\/(?<study>[0-9][0-9.]{0,63}))?$/;

const EMPTY = "The request holds no object.";

async function stored(
  door: Door,
  begun: string | undefined,
  received: readonly Received[],
): Promise<StoreResult[]> {
  const objects = received.flatMap((one): ObjectToStore[] => ("object" in one ? [one.object] : []));
  const results = objects.length > 0 ? await storeObjects(door, begun, objects) : [];
  const resultOf = new Map(objects.map((object, index) => [object, results[index]]));
  return received.flatMap((one) => ("refused" in one ? [one.refused] : (resultOf.get(one.object) ?? [])));
}

/** Says once, in words, that not all is simply as it came. */
function warningOf(results: readonly StoreResult[]): Record<string, string> {
  const count = (outcome: StoreResult["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  const told = [
    [count("failed"), "not stored"],
    [count("changed"), "stored with a change"],
    [count("on-its-way"), "safely received, and not yet indexed"],
  ].filter(([many]) => many !== 0);
  if (told.length === 0) return {};
  const text = told.map(([many, what]) => `${many} ${what}`).join("; ");
  return { warning: `299 weald "${text}. The body says which and why."` };
}

/** A sending for this trust, where the address names one. */
async function begin(door: Door, trust: string | undefined): Promise<string> {
  const { uploadId, custodian } = await door.ask("ingest.begin-upload", { door: "dicomweb" });
  if (trust !== undefined && trust !== custodian)
    refuse("forbidden", "NOT_YOUR_TRUST", "Objects are stored for the trust for which the token was given.");
  return uploadId;
}

/** What is refused here is told only to who may send: without that right nobody learns more. */
async function objectsIn(door: Door, request: DoorRequest, study: string | undefined): Promise<Received[]> {
  try {
    const received = await receivedIn(request, study);
    if (received.length === 0) refuse("invalid", "NOTHING_SENT", EMPTY);
    return received;
  } catch (error) {
    await begin(door, undefined);
    throw error;
  }
}

/**
 * STOW-RS: the objects of one request go in by the one inbox, and each is answered for.
 *
 * @see DICOM PS3.18 §10.5 (Store transaction)
 */
export async function store(door: Door, request: DoorRequest): Promise<DoorResponse> {
  const { trust, study } = STORE_PATH.exec(request.path)?.groups ?? {};
  // What is packed is not unpacked for just anybody. Anything else is read first, and begun with its files in one ask.
  const isPacked = request.headers["content-encoding"] !== undefined;
  const begun = trust !== undefined || isPacked ? await begin(door, trust) : undefined;
  const received = await objectsIn(door, request, study);
  if (begun === undefined && received.every((one) => "refused" in one)) await begin(door, undefined);
  const results = await stored(door, begun, received);
  const { status, dataset } = storeResponse(baseUrlOf(request), results);
  return {
    status,
    headers: { "content-type": "application/dicom+json", ...warningOf(results) },
    body: `${JSON.stringify(dataset)}\n`,
  };
}
