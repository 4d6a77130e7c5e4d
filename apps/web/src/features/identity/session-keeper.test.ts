import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSessionKeeper, type SessionApi } from "./session-keeper.ts";

const NOW = new Date("2026-03-02T09:00:00Z");
type Standing = Awaited<ReturnType<SessionApi["read"]>>;

const standing = (lastSeenAt: Date): Standing => ({
  ...{ state: "alive", why: null, personId: "p", roleId: "r", activities: [], scoped: [], displayOf: null },
  ...{ provedAt: NOW.toISOString(), lastSeenAt: lastSeenAt.toISOString(), idleSeconds: 900 },
  endsAt: new Date(NOW.getTime() + 8 * 3_600_000).toISOString(),
});
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

describe("what the server hears of use", () => {
  const touch = vi.fn(async () => ({}));
  let stop = () => {};
  const open = (lastSeenAt: Date) => {
    const first = standing(lastSeenAt);
    stop = createSessionKeeper().begin(first, { touch, read: async () => first, lock: async () => ({}) });
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
    const document = Object.assign(new EventTarget(), { visibilityState: "hidden" });
    vi.stubGlobal("document", document);
    vi.stubGlobal("window", Object.assign(new EventTarget(), { document }));
    touch.mockClear();
  });
  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("is each page that is opened, so that who opens one a minute after another is not locked out", async () => {
    open(minutesAgo(5));
    await vi.advanceTimersByTimeAsync(2000);
    expect(touch).toHaveBeenCalledTimes(1);
  });

  it("is told once a minute", async () => {
    open(minutesAgo(0.5));
    await vi.advanceTimersByTimeAsync(2000);
    expect(touch).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(touch).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(touch, "of a page that nobody uses").toHaveBeenCalledTimes(1);
    window.dispatchEvent(new Event("pointermove"));
    await vi.advanceTimersByTimeAsync(2000);
    expect(touch).toHaveBeenCalledTimes(2);
  });
});
