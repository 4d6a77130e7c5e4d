import { RegionAway, RegionRefused, type Signed } from "./region-client.ts";

const STILL_MS = 60_000;

export type ToPut = {
  signed: Signed;
  sizeBytes: number;
  body: AsyncIterable<Uint8Array>;
  throttle(bytes: number): Promise<void>;
};

/** The same bytes at the line's pace; says of each piece that it went. */
async function* paced({ body, throttle }: ToPut, onPiece: () => void): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    await throttle(piece.length);
    onPiece();
    yield piece;
  }
}

/**
 * One try. Keys are written once: 412 says that an earlier try had arrived after all.
 *
 * @throws {RegionRefused} with the store's code
 * @throws {RegionAway} also when nothing has moved for a minute
 */
export async function putObject(one: ToPut): Promise<void> {
  const still = new AbortController();
  const timer = setTimeout(() => still.abort(new Error("no byte has moved")), STILL_MS);
  const request: RequestInit & { duplex: "half" } = {
    method: "PUT",
    headers: { ...one.signed.put.headers, "content-length": String(one.sizeBytes) },
    body: ReadableStream.from(paced(one, () => timer.refresh())),
    duplex: "half",
    signal: still.signal,
  };
  try {
    const answer = await fetch(one.signed.put.url, request);
    const said = (await answer.text()).trim();
    if (answer.ok || answer.status === 412) return;
    const code = /^[A-Z][A-Z_]{2,40}$/.test(said) ? said : "PUT_REFUSED";
    throw new RegionRefused(answer.status, code, `The object store answered ${answer.status}.`);
  } catch (error) {
    if (error instanceof RegionRefused) throw error;
    throw new RegionAway(error);
  } finally {
    clearTimeout(timer);
  }
}
