/** Longer than any of the ways that an answer may take: who asks with a link that isn't one waits as long. */
const NO_SOONER_MS = 400;

/** Waits for the work, and until so long after it was begun. */
export async function noSooner(since: number, work: Promise<void>): Promise<void> {
  const left = Math.max(0, NO_SOONER_MS - (Date.now() - since));
  await Promise.all([work, new Promise((resolve) => setTimeout(resolve, left))]);
}
