import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type DicomJson, readPart10 } from "@weald/dicom";

type Held = { bytes: Uint8Array; dataset: DicomJson; syntax: string };

export type DicomwebStandIn = {
  url: string;
  hold(bytes: Uint8Array): Promise<void>;
  /** What was asked, path and query. */
  asked: string[];
  /** Answers nothing but this status. */
  ill(status: number | undefined): void;
  close(): Promise<void>;
};

const value = (dataset: DicomJson, tag: string) => String(dataset[tag]?.Value?.[0] ?? "");
const LEVELS = ["0020000D", "0020000E", "00080018"] as const;

function matches(dataset: DicomJson, key: string, wanted: string): boolean {
  const [tag = "", inner] = key.split(".");
  if (inner) return (dataset[tag]?.Value ?? []).some((item) => matches(item as DicomJson, inner, wanted));
  const [found] = dataset[tag]?.Value ?? [];
  const text =
    found instanceof Object && "Alphabetic" in found ? String(found.Alphabetic) : String(found ?? "");
  const pattern = (one: string) =>
    `^${one
      .replace(/[.^$+()[\]{}|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`;
  if (dataset[tag]?.vr === "UI") return wanted.split(",").includes(text);
  const [from, to] = wanted.split("-");
  if (dataset[tag]?.vr === "DA" && to !== undefined) return text >= (from ?? "") && (to === "" || text <= to);
  return new RegExp(pattern(wanted), "i").test(text);
}

/** QIDO-RS and WADO-RS in miniature: a gateway's own part of a query is tested without a whole region behind it. */
export async function dicomwebStandIn(): Promise<DicomwebStandIn> {
  const held: Held[] = [];
  const asked: string[] = [];
  let status: number | undefined;

  function search(uids: string[], query: URLSearchParams): DicomJson[] {
    const keys = [...query].filter(([key]) => !["includefield", "limit", "offset"].includes(key));
    const level = LEVELS[uids.length] ?? "00080018";
    const found = held.filter(
      ({ dataset }) =>
        uids.every((uid, index) => value(dataset, LEVELS[index] ?? "") === uid) &&
        keys.every(([key, wanted]) => matches(dataset, key, wanted)),
    );
    const unique = new Map(found.map((one) => [value(one.dataset, level), one]));
    const all = [...unique.values()].map(({ dataset, syntax }) => ({
      ...dataset,
      "00083002": { vr: "UI", Value: [syntax] },
    }));
    const offset = Number(query.get("offset") ?? 0);
    return all.slice(offset, offset + Number(query.get("limit") ?? 100));
  }

  function retrieve(sop: string, accept: string, response: ServerResponse): void {
    const found = held.find(({ dataset }) => value(dataset, "00080018") === sop);
    const wanted = /transfer-syntax=([^;]+)/.exec(accept)?.[1] ?? "*";
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    if (wanted !== "*" && wanted !== found.syntax) {
      response.writeHead(406).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/dicom" }).end(found.bytes);
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    asked.push(String(request.url));
    if (!request.headers.authorization) {
      response.writeHead(401).end();
      return;
    }
    if (status) {
      response.writeHead(status).end();
      return;
    }
    const { pathname, searchParams } = new URL(String(request.url), "http://region");
    const parts = pathname.split("/").slice(1);
    if (parts.length === 6) {
      retrieve(parts[5] ?? "", String(request.headers.accept), response);
      return;
    }
    const named = parts.filter((_, index) => index % 2 === 1);
    const found =
      parts.length === 3 && parts[2] === "instances"
        ? held
            .filter(({ dataset }) => value(dataset, LEVELS[0]) === parts[1])
            .flatMap(({ dataset }) =>
              search(
                [value(dataset, LEVELS[0]), value(dataset, LEVELS[1])],
                new URLSearchParams({ "00080018": value(dataset, "00080018") }),
              ),
            )
        : search(named, searchParams);
    if (found.length === 0) {
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { "content-type": "application/dicom+json" }).end(JSON.stringify(found));
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    ill(next) {
      status = next;
    },
    async hold(bytes) {
      const { dataset, transferSyntaxUid: syntax } = await readPart10(
        (async function* () {
          yield bytes;
        })(),
      );
      held.push({ bytes, dataset, syntax });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
