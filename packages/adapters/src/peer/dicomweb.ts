import { parseMediaType, readMultipart } from "@weald/dicom";
import { z } from "zod";
import { PeerFailed } from "./peer-failed.ts";

export type PeerOptions = {
  /** Where `/studies` stands below. */
  url: string;
  /** For each request: a token may end while a long pull goes on. */
  token?: (() => Promise<string>) | undefined;
  signal?: AbortSignal | undefined;
};

/** Which of a peer's studies. Dates are `YYYYMMDD`, both included. */
export type StudyFilter = { from?: string; to?: string; patientId?: string };
export type InstancePlace = { studyInstanceUid: string; seriesInstanceUid: string; sopInstanceUid: string };

const PAGE = 200;
const STUDY = "0020000D";
const SERIES = "0020000E";
const SOP = "00080018";

const Row = z.record(
  z.string(),
  z.object({ vr: z.string().optional(), Value: z.array(z.unknown()).optional() }).loose(),
);
const Rows = z.array(Row);
type Row = z.output<typeof Row>;

function uid(row: Row, tag: string): string {
  const value = row[tag]?.Value?.[0];
  if (typeof value === "string" && /^[0-9][0-9.]{0,63}$/.test(value)) return value;
  throw new PeerFailed(200, "The peer lists something without a usable UID.");
}

function rangeOf({ from, to }: StudyFilter): Record<string, string> {
  if (!from && !to) return {};
  return { StudyDate: from === to && from ? from : `${from ?? ""}-${to ?? ""}` };
}

/** The first part of an answer, or its body where the peer sends an object bare. */
async function* objectIn(answer: Response): AsyncGenerator<Uint8Array> {
  const media = parseMediaType(answer.headers.get("content-type") ?? "");
  const body = answer.body ?? new ReadableStream<Uint8Array>();
  if (media?.type !== "multipart/related") {
    yield* body;
    return;
  }
  for await (const part of readMultipart(body, media.parameters.boundary ?? "")) {
    yield* part.body;
    return;
  }
  throw new PeerFailed(200, "The peer answered without the object.");
}

/**
 * Another archive's DICOMweb, as a client: what it has, and each object as it has it. By `fetch` and our own reader of parts
 * instead of `dicomweb-client`, which needs a browser's XMLHttpRequest and holds a whole answer in memory.
 *
 * @see DICOM PS3.18 §10.4 (retrieve), §10.6 (search)
 */
export function createDicomwebPeer({ url, token, signal }: PeerOptions) {
  const base = url.replace(/\/+$/, "");

  async function get(path: string, accept: string): Promise<Response> {
    const headers = { accept, ...(token ? { authorization: `Bearer ${await token()}` } : {}) };
    let answer: Response;
    try {
      answer = await fetch(`${base}${path}`, { headers, ...(signal ? { signal } : {}) });
    } catch (error) {
      signal?.throwIfAborted();
      throw new PeerFailed(0, "The peer does not answer.", { cause: error });
    }
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new PeerFailed(answer.status, `The peer answered ${answer.status}.`);
  }

  async function rows(path: string, query: Record<string, string>): Promise<Row[]> {
    const answer = await get(`${path}?${new URLSearchParams(query)}`, "application/dicom+json");
    const text = await answer.text();
    return answer.status === 204 || text === "" ? [] : Rows.parse(JSON.parse(text));
  }

  /** Page by page, until a page has nothing new: some peers take no notice of an offset. */
  async function* paged(path: string, query: Record<string, string>, key: string): AsyncGenerator<Row> {
    const seen = new Set<string>();
    for (let offset = 0; ; ) {
      const page = await rows(path, { ...query, limit: String(PAGE), offset: String(offset) });
      const fresh = page.filter((row) => !seen.has(uid(row, key)));
      for (const row of fresh) seen.add(uid(row, key));
      yield* fresh;
      if (fresh.length === 0) return;
      offset += page.length;
    }
  }

  return {
    async *studies(filter: StudyFilter): AsyncGenerator<string> {
      const query = { ...rangeOf(filter), ...(filter.patientId ? { PatientID: filter.patientId } : {}) };
      for await (const row of paged("/studies", query, STUDY)) yield uid(row, STUDY);
    },
    async *instances(studyInstanceUid: string): AsyncGenerator<InstancePlace> {
      for await (const row of paged(`/studies/${studyInstanceUid}/instances`, {}, SOP))
        yield { studyInstanceUid, seriesInstanceUid: uid(row, SERIES), sopInstanceUid: uid(row, SOP) };
    },
    /** In the transfer syntax in which the peer keeps it. */
    async *read(place: InstancePlace): AsyncGenerator<Uint8Array> {
      const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = place;
      const path = `/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
      yield* objectIn(await get(path, 'multipart/related; type="application/dicom"; transfer-syntax=*'));
    },
  };
}
export type DicomwebPeer = ReturnType<typeof createDicomwebPeer>;
