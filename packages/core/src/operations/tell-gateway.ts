import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { keepStanding } from "./gateway.store.ts";
import { mayTellStanding } from "./operations.policy.ts";

const At = z.iso.datetime();
const Count = z.number().int().min(0);
const Bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A trust's gateway tells how it stands, each minute: only its last word is kept. */
export const tellGateway = defineAction({
  name: "operations.tell-gateway",
  input: z.object({
    version: z.string().regex(/^[\w.+-]{1,40}$/),
    startedAt: At,
    waiting: z.object({ count: Count.max(2_000_000_000), bytes: Bytes, oldest: At.optional() }),
    trouble: z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{1,59}$/), since: At }).optional(),
    freeBytes: Bytes,
    isRefusing: z.boolean(),
  }),
  policy: mayTellStanding,
  load: async () => null,
  async run(tx, { version, startedAt, waiting, trouble, freeBytes, isRefusing }) {
    await keepStanding(tx, organisationOf(tx.actor) ?? "", {
      version,
      startedAt: new Date(startedAt),
      waitingCount: waiting.count,
      waitingBytes: waiting.bytes,
      oldestWaitingAt: waiting.oldest ? new Date(waiting.oldest) : undefined,
      troubleCode: trouble?.code,
      troubleSince: trouble && new Date(trouble.since),
      freeBytes,
      isRefusing,
    });
    return {};
  },
  audit: { how: "none" },
});
