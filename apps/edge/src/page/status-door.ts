import type { ServerResponse } from "node:http";
import type { HttpDoor } from "./listen-http.ts";
import { metricsOf } from "./metrics.ts";
import { pageOf } from "./page.ts";
import { type Standing, type StandingSource, standingOf } from "./standing.ts";

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  "x-content-type-options": "nosniff",
};

type View = (standing: Standing) => { status: number; type: string; body: string };

const VIEWS: Record<string, View> = {
  "/": (standing) => ({ status: 200, type: "text/html; charset=utf-8", body: pageOf(standing) }),
  "/metrics": (standing) => ({
    status: 200,
    type: "text/plain; version=0.0.4; charset=utf-8",
    body: metricsOf(standing),
  }),
  "/health": ({ isRefusing, trouble }) => ({
    status: isRefusing ? 503 : 200,
    type: "application/json",
    body: JSON.stringify({ takesIn: !isRefusing, sendsOn: trouble === undefined }),
  }),
};

async function answer(source: StandingSource, view: View, response: ServerResponse): Promise<void> {
  const { status, type, body } = view(await standingOf(source));
  response.writeHead(status, { ...HEADERS, "content-type": type }).end(body);
}

/** `GET /`, `/metrics`, `/health`. */
export function statusDoor(source: StandingSource): HttpDoor {
  return (request, response) => {
    const view = request.method === "GET" ? VIEWS[request.url?.split("?")[0] ?? ""] : undefined;
    if (!view) return false;
    answer(source, view, response).catch(() => response.destroy());
    return true;
  };
}
