import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { takeAgain } from "./take-again.ts";

const answered = (...answers: (number | Error)[]) => {
  const asked = vi.fn(async () => {
    const next = answers.shift() ?? 500;
    if (next instanceof Error) throw next;
    return new Response("picture", { status: next });
  });
  vi.stubGlobal("fetch", asked);
  return asked;
};
const take = async (signal = new AbortController().signal) => {
  const taken = takeAgain("https://store.example/preview", signal);
  await vi.runAllTimersAsync();
  return (await taken)?.text();
};

describe("a small picture", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("comes after the network was away for a moment", async () => {
    const asked = answered(new TypeError("Failed to fetch"), 503, 200);
    expect(await take()).toBe("picture");
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it("isn't asked for again where it is refused", async () => {
    const asked = answered(403, 200);
    expect(await take()).toBeUndefined();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("isn't asked for by a page that was left, and not for ever", async () => {
    const asked = answered();
    const left = new AbortController();
    left.abort();
    expect(await take(left.signal)).toBeUndefined();
    expect(asked).not.toHaveBeenCalled();
    expect(await take()).toBeUndefined();
    expect(asked).toHaveBeenCalledTimes(4);
  });
});
