import { createHmac, timingSafeEqual } from "node:crypto";

/** What a signed URL grants; every field is part of the signature. */
export type UrlGrant = {
  method: "GET" | "PUT";
  bucket: string;
  key: string;
  untilSeconds: number;
  contentType?: string | undefined;
  sizeBytes?: number | undefined;
  downloadName?: string | undefined;
};

const FIELDS = { t: "contentType", n: "sizeBytes", d: "downloadName" } as const;

function query(grant: UrlGrant): URLSearchParams {
  const params = new URLSearchParams({ m: grant.method, e: String(grant.untilSeconds) });
  for (const [short, field] of Object.entries(FIELDS))
    if (grant[field] !== undefined) params.set(short, String(grant[field]));
  return params;
}

const mac = (secret: string, { bucket, key }: UrlGrant, params: URLSearchParams) =>
  createHmac("sha256", secret).update(`${bucket}\n${key}\n${params.toString()}`).digest("base64url");

export function signUrl(publicUrl: string, secret: string, grant: UrlGrant): string {
  const params = query(grant);
  params.set("s", mac(secret, grant, query(grant)));
  const path = grant.key.split("/").map(encodeURIComponent).join("/");
  return `${publicUrl.replace(/\/$/, "")}/${grant.bucket}/${path}?${params}`;
}

function keyOf(segments: readonly string[]): string | undefined {
  try {
    return segments.map(decodeURIComponent).join("/");
  } catch {
    // a percent sign that begins no character
    return undefined;
  }
}

/** The grant of a URL that we signed and that still lives; `undefined` for any other. */
export function verifyUrl(secret: string, url: URL, now: Date): UrlGrant | undefined {
  const [, bucket = "", ...rest] = url.pathname.split("/");
  const { searchParams: given } = url;
  const method = given.get("m");
  const key = keyOf(rest);
  if ((method !== "GET" && method !== "PUT") || key === undefined) return undefined;
  const grant: UrlGrant = {
    method,
    bucket,
    key,
    untilSeconds: Number(given.get("e")),
    contentType: given.get("t") ?? undefined,
    sizeBytes: given.has("n") ? Number(given.get("n")) : undefined,
    downloadName: given.get("d") ?? undefined,
  };
  const [wanted, got] = [Buffer.from(mac(secret, grant, query(grant))), Buffer.from(given.get("s") ?? "")];
  if (wanted.length !== got.length || !timingSafeEqual(wanted, got)) return undefined;
  return grant.untilSeconds * 1000 > now.getTime() ? grant : undefined;
}
