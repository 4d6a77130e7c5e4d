import { addressOf, type Door } from "./files-of.ts";

/**
 * One file that is more than a browser holds: saved by the browser itself from where it lies, which answers as an attachment. What
 * goes wrong there is told by the browser's own list of downloads.
 */
export async function takeAlone(door: Door, studyId: string, instanceId: string): Promise<void> {
  const anchor = document.createElement("a");
  anchor.href = await addressOf(door, studyId, instanceId);
  anchor.rel = "noreferrer";
  anchor.click();
}
