import { inNamespace } from "./in-namespace.ts";
import { fetchOhif } from "./viewer/ohif.ts";

/**
 * Weald's viewer, and OHIF on Orthanc, in one real Chromium after the other on the same studies. In a network namespace of its
 * own, as Orthanc listens on every address: needs root and `unshare`; OHIF comes from npm before, once a machine.
 */
export async function viewerSpeed(): Promise<unknown> {
  fetchOhif();
  return inNamespace("viewer/main.ts");
}
