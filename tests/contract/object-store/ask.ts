import { request } from "node:http";
import { text } from "node:stream/consumers";

export type Asked = {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** Goes away after so many bytes of the body. */
  dropAfterBytes?: number;
};
export type Answer = { status: number; headers: Record<string, string | undefined>; bytes: Buffer };

/** An HTTP request whose headers are exactly these: `fetch` adds and forbids some. Status 0: there was no answer. */
export function ask(url: string, { method = "GET", headers = {}, body, dropAfterBytes }: Asked = {}) {
  return new Promise<Answer>((resolve) => {
    const none = () => resolve({ status: 0, headers: {}, bytes: Buffer.alloc(0) });
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(answer.headers).map(([name, value]) => [name, value?.toString()]),
            ),
            bytes: Buffer.concat(chunks),
          }),
        )
        .on("error", none);
    });
    asked.on("error", none);
    if (dropAfterBytes === undefined) asked.end(body);
    else asked.write((body ?? new Uint8Array()).subarray(0, dropAfterBytes), () => asked.destroy());
  });
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const textOf = (body: AsyncIterable<Uint8Array>): Promise<string> => text(body);
