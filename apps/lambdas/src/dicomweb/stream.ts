import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { callingAe, forwardedAddress } from "@weald/adapters/forwarded";
import { front } from "@weald/adapters/front";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { DoorRequest } from "./respond.ts";
import { answerRequest } from "./routes.ts";

const BASE = "/dicomweb";

/** A router of ours in front appends whom it saw; without one the function sees the client itself. */
function sourceOf(event: APIGatewayProxyEventV2): DoorRequest["source"] {
  const hops = Number(process.env.WEALD_FORWARDED_HOPS ?? "0");
  const address =
    hops > 0
      ? forwardedAddress(event.headers["x-forwarded-for"], hops)
      : event.requestContext.http.sourceIp || undefined;
  return { address, system: callingAe(event.headers["weald-calling-ae"]) };
}

function requestOf(event: APIGatewayProxyEventV2): DoorRequest {
  const body = event.body;
  return {
    method: event.requestContext.http.method,
    path: event.rawPath.startsWith(BASE) ? event.rawPath.slice(BASE.length) : event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    headers: Object.fromEntries(
      Object.entries(event.headers).map(([name, value = ""]) => [name.toLowerCase(), value]),
    ),
    source: sourceOf(event),
    body: body === undefined ? undefined : Buffer.from(body, event.isBase64Encoded ? "base64" : "utf8"),
  };
}

/** The front of the DICOMweb door: streams from the object store what the function behind it allows. No database. */
export const handler = awslambda.streamifyResponse<APIGatewayProxyEventV2>(async (event, out) => {
  const { status, headers, body = "" } = await answerRequest(await front(), requestOf(event));
  const response = awslambda.HttpResponseStream.from(out, { statusCode: status, headers });
  const source = typeof body === "string" || body instanceof Uint8Array ? [Buffer.from(body)] : body;
  await pipeline(Readable.from(source), response);
});
