import { inNamespace } from "./in-namespace.ts";
import { fetchOhif } from "./viewer/ohif.ts";

/**
 * The viewer on originals and on packs, and OHIF on Orthanc, over one slow line in real Chromium. In a network namespace of its own, as
 * `viewerSpeed` is.
 */
export async function packsViewer(): Promise<unknown> {
  fetchOhif();
  return inNamespace("viewer/packs.ts");
}
