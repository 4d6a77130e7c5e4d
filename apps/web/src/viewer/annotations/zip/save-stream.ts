import { keepFile } from "../picture.ts";
import { MOST_HELD_BYTES, pickerOf } from "./picker.ts";

export class TooMuchToHold extends Error {
  readonly code = "TOO_MUCH_TO_HOLD";
}

/** Where the bytes go. `undefined`: the reader chose no place. */
export type Place = {
  keep(stream: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void>;
  mostBytes: number;
};

async function held(name: string, stream: ReadableStream<Uint8Array>): Promise<void> {
  const blob = await new Response(stream, { headers: { "content-type": "application/zip" } }).blob();
  keepFile(blob, name);
}

/** Asks at once, as a browser lets only a click ask. Its name says nothing of the patient. */
export async function choosePlace(name: string): Promise<Place | undefined> {
  const picker = pickerOf();
  if (!picker) return { keep: (stream) => held(name, stream), mostBytes: MOST_HELD_BYTES };
  try {
    const types = [{ description: "Zip file", accept: { "application/zip": [".zip"] } }];
    const handle = await picker({ suggestedName: name, types });
    // Written beside the place and put there at the end: what breaks off leaves the empty file that was chosen.
    return {
      keep: async (stream, signal) => stream.pipeTo(await handle.createWritable(), { signal }),
      mostBytes: Number.POSITIVE_INFINITY,
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    throw error;
  }
}
