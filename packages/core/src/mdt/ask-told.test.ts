import { expect, it } from "vitest";
import { type TellRow, toldOf } from "./ask-told.ts";

const at = new Date("2026-11-26T10:00:00Z");
const row = (more: Partial<TellRow>): TellRow => ({
  tellState: null,
  tellFailed: null,
  toldAt: null,
  ...more,
});

it.each<[string, Partial<TellRow>, string | undefined]>([
  ["asked in words, or answered before it left", {}, undefined],
  ["just asked", { tellState: "waiting" }, "soon"],
  ["told before, and reminded", { tellState: "waiting", toldAt: at }, "soon"],
  ["tried, and it didn't go", { tellState: "waiting", tellFailed: "NOTIFIER_UNAVAILABLE" }, "again"],
  ["gone", { tellState: "sent", toldAt: at }, "sent"],
  ["nobody knows where to", { tellState: "failed", tellFailed: "NO_ADDRESS" }, "no-address"],
  ["left the meeting", { tellState: "failed", tellFailed: "NOT_A_MEMBER" }, "not-a-member"],
  ["refused", { tellState: "failed", tellFailed: "NOTIFIER_REFUSED" }, "undelivered"],
  ["given up", { tellState: "failed", tellFailed: "NOTIFIER_UNAVAILABLE" }, "undelivered"],
  ["failed, nobody knows why", { tellState: "failed" }, "undelivered"],
])("the message of a request: %s", (_says, said, state) => {
  expect(toldOf(row(said))?.state).toBe(state);
});
