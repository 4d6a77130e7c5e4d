import type { ErrorKind } from "@weald/core/kernel";
import { z } from "zod";

/** What the front asks of the function behind it: one action, for whoever brought the token. */
export const Asked = z.object({
  ask: z.string(),
  authorization: z.string().nullable(),
  /** From where the request came, as the front knows it, which alone may call the function behind it. */
  source: z.object({ address: z.string().optional(), system: z.string().optional() }).optional(),
  input: z.unknown(),
});
export type Asked = z.output<typeof Asked>;

/** `message` is for the person, `code` is stable. */
export type Refused = { kind: ErrorKind; code: string; message: string };
export type Answered = { done: unknown } | { refused: Refused };

const KINDS: Record<ErrorKind, true> = {
  invalid: true,
  unauthenticated: true,
  forbidden: true,
  not_found: true,
  conflict: true,
  unsupported: true,
  too_large: true,
  unavailable: true,
};
const isKind = (text: string): text is ErrorKind => text in KINDS;

/** An answer as it came through JSON. */
export const AnsweredJson = z.union([
  z.object({
    refused: z.object({
      kind: z.string().transform((kind): ErrorKind => (isKind(kind) ? kind : "unavailable")),
      code: z.string(),
      message: z.string(),
    }),
  }),
  z.object({ done: z.unknown() }),
]);
