import { number, type StaysCode, whyStays } from "@weald/dicom";
import type { ToPack } from "../ports/index.ts";
import type { PackableInstance } from "../study/index.ts";

/** What one pack takes. Asking and answer are each one call of a function, of 6 MB; and it runs five minutes. */
const MOST_ASKED_BYTES = 4_500_000;
const MOST_FRAMES = 20_000;
const MOST_UNPACKED_BYTES = 3 * 1024 ** 3;
const MOST_FRAME_BYTES = 128 * 1024 * 1024;

const frameBytesOf = ({ header }: PackableInstance): number =>
  (number(header, "00280010") ?? 0) *
  (number(header, "00280011") ?? 0) *
  (number(header, "00280002") ?? 1) *
  Math.ceil((number(header, "00280100") ?? 8) / 8);

export type Chosen = { toPack: ToPack[]; stay: Map<string, StaysCode> };

/** What of a series goes into its pack: what the rule allows, as much as one takes, in the order of reading. */
export function chooseInstances(all: readonly PackableInstance[]): Chosen {
  const chosen: Chosen = { toPack: [], stay: new Map() };
  let [asked, frames, unpacked] = [0, 0, 0];
  for (const instance of all) {
    const why = whyStays(instance);
    const size = frameBytesOf(instance);
    const { id: instanceId, ...rest } = instance;
    const one: ToPack = { instanceId, ...rest, encoding: "plain" };
    const askedHere = JSON.stringify(one).length;
    const fits =
      size <= MOST_FRAME_BYTES &&
      asked + askedHere <= MOST_ASKED_BYTES &&
      frames + instance.frames.length <= MOST_FRAMES &&
      unpacked + size * instance.frames.length <= MOST_UNPACKED_BYTES;
    if (why || !fits) {
      chosen.stay.set(instanceId, why ?? "too-large");
      continue;
    }
    chosen.toPack.push(one);
    asked += askedHere;
    frames += instance.frames.length;
    unpacked += size * instance.frames.length;
  }
  return chosen;
}
