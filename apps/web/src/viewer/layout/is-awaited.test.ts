import { describe, expect, it } from "vitest";
import { isAwaited } from "./is-awaited.ts";

const hung = { studyId: "s", seriesId: "cc" };
const told = (more: { seriesId?: string; isSettled?: boolean; isDrawn?: boolean }) => {
  const { seriesId = "cc", isSettled = false, isDrawn = false } = more;
  const controller = { isDrawn: () => isDrawn };
  return { hung: { studyId: "s", seriesId }, isSettled, frames: [], controller } as never;
};

describe("what hangs in a viewport", () => {
  it("is awaited until its full detail is drawn, or it is said why not", () => {
    expect(isAwaited(hung, undefined)).toBe(true);
    expect(isAwaited(hung, told({}))).toBe(true);
    expect(isAwaited(hung, told({ isSettled: true }))).toBe(false);
  });

  it("isn't awaited from the turn of the screen in which it is drawn, though the page hears of it later", () =>
    expect(isAwaited(hung, told({ isDrawn: true }))).toBe(false));

  it("is awaited while the viewport still tells of what hung there before: two presses never skip a step", () =>
    expect(isAwaited(hung, told({ seriesId: "mlo", isSettled: true, isDrawn: true }))).toBe(true));
});
