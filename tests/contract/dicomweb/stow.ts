import type { DicomJson } from "@weald/dicom";

const CRLF = "\r\n";

export type Spelling = {
  boundary?: string;
  /** Content-Type of the whole. */
  contentType?: string;
  /** Header lines of each part. */
  partHeader?: string;
  eol?: string;
  preamble?: string;
  epilogue?: string;
};

/** A multipart/related body, as a sender of this spelling writes it. */
export function related(objects: readonly Uint8Array[], spelling: Spelling = {}) {
  const {
    boundary = "weald-test",
    eol = CRLF,
    partHeader = `Content-Type: application/dicom${eol}`,
    preamble = "",
    epilogue = "",
  } = spelling;
  const pieces = objects.flatMap((bytes) => [
    Buffer.from(`--${boundary}${eol}${partHeader}${eol}`),
    bytes,
    Buffer.from(eol),
  ]);
  const body = Buffer.concat([
    Buffer.from(preamble),
    ...pieces,
    Buffer.from(`--${boundary}--${eol}${epilogue}`),
  ]);
  const contentType =
    spelling.contentType ?? `multipart/related; type="application/dicom"; boundary=${boundary}`;
  return { body, contentType };
}

export type Stored = {
  status: number;
  warning: string | null;
  text: string;
  dataset: DicomJson;
};

export type Post = { url: string; token: string; body: Uint8Array; headers: Record<string, string> };

export async function post({ url, token, body, headers }: Post): Promise<Stored> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: Uint8Array.from(body),
  });
  const text = await answer.text();
  const isDicom = answer.headers.get("content-type")?.startsWith("application/dicom+json") ?? false;
  const dataset: DicomJson = isDicom ? JSON.parse(text) : {};
  return { status: answer.status, warning: answer.headers.get("warning"), text, dataset };
}
