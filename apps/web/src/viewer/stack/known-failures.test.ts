import { cache, imageLoader } from "@cornerstonejs/core";
import { afterEach, describe, expect, it } from "vitest";
import { answerFailures } from "./known-failures.ts";

const unanswered: unknown[] = [];
const note = (reason: unknown) => unanswered.push(reason);

describe("a picture that can't be had", () => {
  afterEach(() => {
    process.off("unhandledRejection", note);
  });

  it("fails once, to who asked for it, and leaves no failure that nobody answers", async () => {
    process.on("unhandledRejection", note);
    answerFailures(cache);
    imageLoader.registerImageLoader("refused", () => ({
      promise: Promise.reject(new Error("The object store answered 403.")),
    }));
    await expect(imageLoader.loadAndCacheImage("refused:1")).rejects.toThrow("403");
    // Node tells of what was left unanswered once the turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unanswered).toEqual([]);
    await expect(imageLoader.loadAndCacheImage("refused:1")).rejects.toThrow("403");
  });
});
