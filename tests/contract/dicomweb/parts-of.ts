import { parseMediaType } from "@weald/dicom";

export type Part = { headers: Record<string, string>; body: Buffer };

/** Read without any of our own code: split at the boundary that the answer names. */
export async function partsOf(answer: Response): Promise<Part[]> {
  const boundary = parseMediaType(answer.headers.get("content-type") ?? "")?.parameters.boundary;
  const body = Buffer.from(await answer.arrayBuffer());
  if (!boundary) throw new Error(`no boundary: ${answer.status} ${body.toString("utf8").slice(0, 300)}`);
  const parts: Part[] = [];
  let at = body.indexOf(`--${boundary}\r\n`);
  while (at >= 0) {
    const headEnd = body.indexOf("\r\n\r\n", at);
    const next = body.indexOf(`\r\n--${boundary}`, headEnd);
    const head = body.subarray(at + boundary.length + 4, headEnd).toString("latin1");
    const headers = Object.fromEntries(
      head
        .split("\r\n")
        .map((line) => [
          line.slice(0, line.indexOf(":")).toLowerCase(),
          line.slice(line.indexOf(":") + 1).trim(),
        ]),
    );
    parts.push({ headers, body: body.subarray(headEnd + 4, next) });
    at = body.subarray(next + 2).indexOf(`--${boundary}\r\n`) === 0 ? next + 2 : -1;
  }
  return parts;
}
