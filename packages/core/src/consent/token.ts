import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/**
 * Secrets of a link (docs/adr/0024): 128 random bits each, made where they are sent or set as a cookie, and kept as SHA-256 alone.
 * A one-time code has twenty bits: it is kept under the link's token as key, which no table holds.
 */
const SECRET_BYTES = 16;
const CODE_DIGITS = 6;

/** 22 characters of base64url. */
export const TOKEN = /^[A-Za-z0-9_-]{22}$/;

export const mintSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

export const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

export const mintCode = (): string => String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0");

/** Of one code of one link. `id`: the code's own, so that two alike don't look alike. */
export const proofOf = (token: string, id: string, code: string): string =>
  createHmac("sha256", token).update(`code|${id}|${code}`).digest("hex");

export const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
