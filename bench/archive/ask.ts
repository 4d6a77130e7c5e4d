import type { Peer } from "./peer.ts";

const BOUNDARY = "weald-bench-boundary";

/** One STOW-RS request of these objects. */
export async function stow(peer: Peer, objects: readonly Uint8Array[]): Promise<void> {
  const parts = objects.flatMap((object) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`),
    Buffer.from(object),
    Buffer.from("\r\n"),
  ]);
  const answer = await fetch(`${peer.dicomweb}/studies`, {
    method: "POST",
    headers: {
      ...peer.headers,
      accept: "application/dicom+json",
      "content-type": `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
    },
    body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]),
  });
  const text = await answer.text();
  if (answer.status !== 200)
    throw new Error(`${peer.name}: STOW answered ${answer.status} ${text.slice(0, 300)}`);
}

/** Reads to the end. */
export async function get(peer: Peer, path: string, accept: string): Promise<number> {
  const answer = await fetch(`${peer.dicomweb}${path}`, { headers: { ...peer.headers, accept } });
  const bytes = (await answer.arrayBuffer()).byteLength;
  if (answer.status !== 200) throw new Error(`${peer.name}: ${path} answered ${answer.status}`);
  return bytes;
}

export const round = (value: number) => Number(value.toFixed(1));

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
