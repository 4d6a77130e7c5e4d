/** A phone is without its network for a moment: asked again while the signed address stands, which is a minute. */
const WAITS_MS = [0, 1_000, 5_000, 15_000];

/** What stands at a signed address; nothing where it is refused, or doesn't come however often it is asked for. */
export async function takeAgain(url: string, signal: AbortSignal): Promise<Blob | undefined> {
  for (const wait of WAITS_MS) {
    await new Promise((then) => setTimeout(then, wait));
    if (signal.aborted) return undefined;
    const answer = await fetch(url, { signal }).catch(() => undefined);
    if (answer?.ok) return answer.blob().catch(() => undefined);
    if (answer && answer.status < 500) return undefined;
  }
  return undefined;
}
