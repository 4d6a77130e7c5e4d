import { describe, expect, it } from "vitest";
import { toldOnce } from "./fact.ts";

let made = 0;
function message(type: string, payload: unknown) {
  made += 1;
  return { messageId: `m${made}`, body: JSON.stringify({ id: `f${made}`, type, payload }) };
}

describe("what a batch tells", () => {
  it("is each fact once, with every message that tells it", () => {
    const [a, b] = [{ studyId: "a" }, { studyId: "b" }];
    const records = [
      message("study.indexed", a),
      message("study.indexed", b),
      message("study.indexed", a),
      message("report.received", a),
    ];
    const [first, second, third, fourth] = records.map(({ messageId }) => messageId);
    expect(toldOnce(records)).toEqual({
      told: [
        { type: "study.indexed", payload: a, messageIds: [first, third] },
        { type: "study.indexed", payload: b, messageIds: [second] },
        { type: "report.received", payload: a, messageIds: [fourth] },
      ],
      unread: [],
    });
  });

  it("names what is no fact, and tells the rest", () => {
    const broken = { messageId: "broken", body: "{" };
    const strange = { messageId: "strange", body: "[]" };
    const { told, unread } = toldOnce([broken, message("patient.changed", {}), strange]);
    expect(unread).toEqual(["broken", "strange"]);
    expect(told).toHaveLength(1);
  });
});
