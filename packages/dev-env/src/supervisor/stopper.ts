export type StopReason = "by-hand" | "disk-full" | "failed" | "ended";

/** Stops what was started, the last first, each whatever becomes of the others. */
export function stopper() {
  const stops: (() => Promise<void> | void)[] = [];
  const aborted = new AbortController();
  let stopping: Promise<void> | undefined;
  let reason: StopReason | undefined;
  let tell: (why: StopReason) => void = () => {};
  const stopped = new Promise<StopReason>((resolve) => {
    tell = resolve;
  });

  async function stopOne(one: () => Promise<void> | void): Promise<void> {
    try {
      await one();
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
    }
  }
  async function stopAll(): Promise<void> {
    for (const one of stops.reverse()) await stopOne(one);
  }
  return {
    /** The first reason is kept: what a stop brings down ends too. */
    stop(why: StopReason): Promise<void> {
      if (stopping === undefined) {
        reason = why;
        aborted.abort(new Error("stopped"));
        stopping = stopAll().then(() => tell(why));
      }
      return stopping;
    },
    /** What starts after the stop has begun is stopped at once. */
    add(one: () => Promise<void> | void): void {
      if (stopping === undefined) stops.push(one);
      else void stopping.then(() => stopOne(one));
    },
    /** Long work asks it, and ends. */
    signal: aborted.signal,
    reason: () => reason,
    /** When everything has stopped, and why. */
    stopped,
  };
}

export type Stopper = ReturnType<typeof stopper>;
