import { mintUid, writePart10 } from "@weald/dicom";
import { stow } from "./ask.ts";
import type { Peer } from "./peer.ts";

const DAY_MS = 86_400_000;
const NEWEST = Date.UTC(2026, 10, 1);
const IN_ONE_REQUEST = 100;

/** As tests/fixtures/many-studies.ts has them: one of a thousand is XA, the rest DX, CT, MR and US. */
function modalityOf(n: number): string {
  if (n % 1000 === 0) return "XA";
  if (n % 10 < 4) return "DX";
  if (n % 10 < 7) return "CT";
  return n % 10 < 9 ? "MR" : "US";
}

/** A study of one object without an image: what an index holds of it is what a search reads. */
function smallStudy(n: number, patients: number): Uint8Array {
  const patient = n % patients;
  const date = new Date(NEWEST - ((n * 7919) % 4000) * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "");
  const study = `1.2.826.0.1.3680043.10.1.${n}`;
  const one = (vr: string, value: string | number) => ({ vr, Value: [value] });
  return writePart10({
    dataset: {
      "00080016": one("UI", "1.2.840.10008.5.1.4.1.1.7"),
      "00080018": one("UI", mintUid()),
      "00080020": one("DA", date),
      "00080030": one("TM", "090000"),
      "00080050": one("SH", `ACC${n}`),
      "00080060": one("CS", modalityOf(n)),
      "00080090": { vr: "PN", Value: [{ Alphabetic: `Referrer^${n % 900}` }] },
      "00081030": one("LO", `Description ${n % 300}`),
      "00100010": { vr: "PN", Value: [{ Alphabetic: `Family${patient % 5000}^Given${patient % 700}` }] },
      "00100020": one("LO", `MANY-${patient}`),
      "00100030": one("DA", "19500101"),
      "00100040": one("CS", "F"),
      "0020000D": one("UI", study),
      "0020000E": one("UI", `${study}.1`),
      "00200010": one("SH", `S${n}`),
      "00200013": one("IS", 1),
    },
    transferSyntaxUid: "1.2.840.10008.1.2.1",
  });
}

/**
 * The studies from one number to another, by STOW. Weald's index is filled by SQL instead (bench/README.md).
 *
 * @returns How many are there now: fewer where the time was over
 */
export async function fillOrthanc(
  peer: Peer,
  [from, to]: readonly [number, number],
  mostMs: number,
): Promise<number> {
  const patients = Math.ceil(to / 2.5);
  const end = Date.now() + mostMs;
  for (let n = from; n < to; n += IN_ONE_REQUEST) {
    if (Date.now() > end) return n;
    const numbers = Array.from({ length: Math.min(IN_ONE_REQUEST, to - n) }, (_, index) => n + index);
    await stow(
      peer,
      numbers.map((number) => smallStudy(number, patients)),
    );
  }
  return to;
}
