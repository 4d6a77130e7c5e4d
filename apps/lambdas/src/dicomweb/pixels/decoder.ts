import { parentPort } from "node:worker_threads";
import { decodeFrame } from "./decode-frame.ts";
import type { Answer, Job } from "./job.ts";
import { packFrame } from "./pack-frame.ts";
import { PixelsUnreadable } from "./pixels-unreadable.ts";
import { renderFrame } from "./render-frame.ts";

/** What a codec throws may be anything, a number too. Nothing of it is told: it may quote the image. */
async function done({ id, ...job }: Job): Promise<Answer> {
  try {
    const { frame, transferSyntaxUid, pixels } = job;
    const bytes = job.isNative ? frame : await decodeFrame(frame, transferSyntaxUid, pixels);
    if (job.isForPack) return { id, bytes: await packFrame(bytes, pixels) };
    return { id, bytes: job.picture ? renderFrame(bytes, job.picture) : bytes };
  } catch (error) {
    if (!(error instanceof PixelsUnreadable)) return { id, failed: "the decoder gave up" };
    return { id, failed: error.message, ...(error.stays ? { stays: error.stays } : {}) };
  }
}

// A thread of its own: it has no database, no credentials, a limit of memory and of time, and it may die.
parentPort?.on("message", (job: Job) => {
  void done(job).then((answer) => {
    // Only a buffer of its own can be handed over; one inside a codec's memory is copied.
    const bytes = "bytes" in answer ? Uint8Array.from(answer.bytes) : undefined;
    if (bytes) parentPort?.postMessage({ id: answer.id, bytes }, [bytes.buffer]);
    else parentPort?.postMessage(answer);
  });
});
