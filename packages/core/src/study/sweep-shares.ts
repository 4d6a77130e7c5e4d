import { z } from "zod";
import { type Ctx, defineBatchAction } from "../kernel/index.ts";
import { SHARE_HOURS } from "./share-frames.ts";
import { systemOnly } from "./study.policy.ts";

const AT_MOST = 1000;
type Page = { old: string[]; next: string | undefined };

async function pageOf({ service }: Ctx, after: string): Promise<Page> {
  const before = service.now().getTime() - SHARE_HOURS * 3_600_000;
  const page = [];
  for await (const object of service.ports.shares.list("", { ...(after ? { after } : {}), limit: AT_MOST }))
    page.push(object);
  return {
    old: page.filter(({ modifiedAt }) => modifiedAt.getTime() < before).map(({ key }) => key),
    next: page.length === AT_MOST ? page.at(-1)?.key : undefined,
  };
}

/** Takes away share objects that nobody was granted for a day. Each can be made again of what the archive holds. */
export const sweepShares = defineBatchAction({
  name: "study.sweep-shares",
  input: z.object({ after: z.string().max(64).default("") }),
  policy: systemOnly,
  prepare: async (ctx, { after }) => [await pageOf(ctx, after)],
  load: async () => null,
  run: async (_tx, _input, _facts, page) => page,
  async after({ service }, [result]) {
    if (!result || "error" in result) throw result?.error ?? new Error("one page gave no result");
    for (const key of result.done.old) await service.ports.shares.delete(key);
    return { swept: result.done.old.length, next: result.done.next };
  },
  audit: { how: "none" },
});
