import type { DicomJson } from "@weald/dicom";
import { z } from "zod";
import { RegionAway, RegionRefused, reached, type Tokens } from "../forward/region-client.ts";

const ANSWERS_WITHIN_MS = 60_000;
const PAGE = 500;

const Attribute = z.object({
  vr: z.string(),
  Value: z.array(z.unknown()).optional(),
  InlineBinary: z.string().optional(),
});
/** Shapes alone: what is in them goes on to who asked. */
const Answer = z.array(z.record(z.string(), Attribute));

export type Search = { path: string; matches: readonly [string, string][]; includes: readonly string[] };

export type Dicomweb = {
  search(search: Search, signal: AbortSignal): AsyncGenerator<DicomJson>;
  /** A Part 10 object as it is stored, or in the syntax that is named. @throws {RegionRefused} 406 where it can't be had so */
  retrieve(path: string, transferSyntaxUid: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
};

/** The region's DICOMweb door, as the client that these tokens are of. `met`: the region has answered. */
export function dicomweb(base: string, token: Tokens, met: () => void = () => {}): Dicomweb {
  async function get(url: URL, accept: string, signal: AbortSignal): Promise<Response> {
    const bearer = await token.get();
    const answer = await reached(() =>
      fetch(url, {
        headers: { accept, authorization: `Bearer ${bearer}` },
        signal,
      }),
    );
    if (answer.status === 401) token.drop();
    if (answer.status < 500) met();
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new RegionRefused(answer.status, "DICOMWEB_REFUSED", `The region answered ${answer.status}.`);
  }

  async function page({ path, matches, includes }: Search, offset: number, signal: AbortSignal) {
    const url = new URL(`${base}${path}`);
    for (const [key, value] of matches) url.searchParams.append(key, value);
    if (includes.length > 0) url.searchParams.set("includefield", includes.join(","));
    url.searchParams.set("limit", String(PAGE));
    url.searchParams.set("offset", String(offset));
    const limited = AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]);
    const answer = await get(url, "application/dicom+json", limited);
    if (answer.status === 204) return [];
    const body: unknown = await answer.json().catch((error: unknown) => {
      throw new RegionAway(error);
    });
    return Answer.parse(body) as DicomJson[];
  }

  return {
    async *search(search, signal) {
      for (let offset = 0; ; offset += PAGE) {
        const found = await page(search, offset, signal);
        yield* found;
        if (found.length < PAGE) return;
      }
    },
    async retrieve(path, transferSyntaxUid, signal) {
      const accept = `application/dicom; transfer-syntax=${transferSyntaxUid}`;
      const { body } = await get(new URL(`${base}${path}`), accept, signal);
      if (!body) throw new RegionAway(undefined);
      return body;
    },
  };
}
