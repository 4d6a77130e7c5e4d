import { z } from "zod";

/** One object whose sender waits: the item that it is, and what the bucket would tell of it. */
export type Arrival = { itemId: string; arrival: string };

/** What the function that takes in says of a batch. */
export const Answer = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
  outcomes: z.array(
    z.object({
      itemId: z.string(),
      outcome: z.string(),
      code: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
});
/** Which items must come again, and what became of the others. */
export type Accepted = { failed: readonly string[]; outcomes: z.output<typeof Answer>["outcomes"] };

const CALLS_AT_ONCE = 2;
const MOST_IN_ONE_CALL = 100;

type Waiting = {
  arrivals: readonly Arrival[];
  resolve(accepted: Accepted): void;
  reject(error: unknown): void;
};

/** So many of those that wait as one call takes; the first always. */
function nextOf(waiting: Waiting[]): Waiting[] {
  const next: Waiting[] = [];
  for (let held = 0, one = waiting[0]; one; one = waiting[0]) {
    held += one.arrivals.length;
    if (next.length > 0 && held > MOST_IN_ONE_CALL) break;
    waiting.shift();
    next.push(one);
  }
  return next;
}

/**
 * Has arrivals taken in by few calls: what comes while some run goes together with the next, whoever sent it. Each sender hears
 * of its own alone.
 */
export function takeInTogether(call: (arrivals: readonly Arrival[]) => Promise<Accepted>) {
  const waiting: Waiting[] = [];
  let running = 0;

  async function run(together: readonly Waiting[]): Promise<void> {
    try {
      const { failed, outcomes } = await call(together.flatMap(({ arrivals }) => arrivals));
      for (const { arrivals, resolve } of together) {
        const own = new Set(arrivals.map(({ itemId }) => itemId));
        const isOwn = ({ itemId }: { itemId: string }) => own.has(itemId);
        resolve({ failed: failed.filter((id) => own.has(id)), outcomes: outcomes.filter(isOwn) });
      }
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  function next(): void {
    if (running === CALLS_AT_ONCE || waiting.length === 0) return;
    running += 1;
    void run(nextOf(waiting)).finally(() => {
      running -= 1;
      next();
    });
  }

  return (arrivals: readonly Arrival[]): Promise<Accepted> =>
    new Promise((resolve, reject) => {
      waiting.push({ arrivals, resolve, reject });
      next();
    });
}
