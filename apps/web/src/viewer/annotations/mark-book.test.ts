import { describe, expect, it } from "vitest";
import { type ListedMark, MarkRefused, type MarkSource, type MarkToSave, type Shape } from "./contract.ts";
import { createMarkBook } from "./mark-book.ts";

const frame = { instanceId: "i1", instanceVersion: 1, frame: 1 };
const shape = (label: string): Shape => ({
  ...{ kind: "measurement", tool: "length", label, source: "in the patient" },
  places: [
    { column: 0, row: 0 },
    { column: 1, row: 1 },
  ],
  values: [{ name: "Length", value: 1, unit: "mm" }],
});

/** A server of marks in memory, as the actions keep them. */
function kept() {
  const marks = new Map<string, ListedMark>();
  let failing = false;
  const list = async () => ({
    marks: [...marks.values()],
    reading: { isScreening: false, isIn: false },
  });
  const source: MarkSource = {
    list,
    async save({ markId, version, content, frame: place }: MarkToSave) {
      if (failing) throw new Error("no connection");
      const was = marks.get(markId);
      if ((was?.version ?? 0) !== version) throw new MarkRefused("changed", "MARK_CHANGED");
      marks.set(markId, {
        ...{ markId, kind: content.kind, state: "draft", standing: "stands", version: version + 1 },
        author: { name: "Me", role: "radiologist", organisation: "RXC", isMe: true },
        ...{ madeAt: "", changedAt: "", said: { content, frame: place, seriesId: "s1" } },
      });
      return { version: version + 1 };
    },
    async withdraw(markId, isBack) {
      const was = marks.get(markId);
      if (was) marks.set(markId, { ...was, state: isBack ? "draft" : "withdrawn" });
    },
    publish: async () => {},
    finishRead: async () => {},
    makeView: async () => "",
    send: async () => ({ outcome: "accepted", message: undefined }),
    takePicture: async () => {},
    takeStudy: async () => ({ servedVersion: 0, count: 0, storedBytes: 0 }),
    filesToTake: async () => ({ files: [] }),
    patientLines: [],
    isDemonstration: true,
    reader: { name: "Me", organisation: "RXC" },
  };
  return { marks, source, fail: (is: boolean) => (failing = is) };
}
const labels = (marks: Iterable<ListedMark>) =>
  [...marks].map(({ said }) => (said && "label" in said.content ? said.content.label : "")).toSorted();

describe("the marks of a study in one window", () => {
  it("are drawn, changed, undone and redone, step by step", async () => {
    const { marks, source } = kept();
    const book = createMarkBook(source);
    await book.add("m1", "s1", frame, shape("a"));
    await book.change("m1", shape("b"));
    await book.undo();
    expect(labels(marks.values())).toEqual(["a"]);
    await book.undo();
    expect(marks.get("m1")?.state).toBe("withdrawn");
    expect(book.state()).toMatchObject({ canUndo: false, canRedo: true });
    await book.redo();
    await book.redo();
    expect(marks.get("m1")).toMatchObject({ state: "draft", said: { content: { label: "b" } } });
    await book.withdraw("m1");
    await book.undo();
    expect(marks.get("m1")?.state).toBe("draft");
  });

  it("of two windows on one mark both are kept, the slower one's as a new mark", async () => {
    const { marks, source } = kept();
    const [one, other] = [createMarkBook(source, () => "copy"), createMarkBook(source)];
    await one.add("m1", "s1", frame, shape("a"));
    await other.load();
    await other.change("m1", shape("theirs"));
    await one.change("m1", shape("mine"));
    expect(labels(marks.values())).toEqual(["mine", "theirs"]);
    expect(labels(one.state().marks)).toEqual(["mine", "theirs"]);
  });

  it("what could not be kept stays on the screen, says so, and is kept when it is tried again", async () => {
    const { marks, source, fail } = kept();
    const book = createMarkBook(source);
    fail(true);
    await book.add("m1", "s1", frame, shape("a"));
    await book.load();
    expect(book.state().marks).toMatchObject([{ markId: "m1", trouble: "no connection" }]);
    fail(false);
    await book.retry("m1");
    expect(labels(marks.values())).toEqual(["a"]);
    expect(book.state().marks).toMatchObject([{ version: 1, trouble: undefined }]);
  });

  it("what is published is changed by nobody", async () => {
    const { marks, source } = kept();
    const book = createMarkBook(source);
    await book.add("m1", "s1", frame, shape("a"));
    const mark = marks.get("m1");
    if (mark) marks.set("m1", { ...mark, state: "published" });
    await book.load();
    await book.change("m1", shape("b"));
    expect(labels(marks.values())).toEqual(["a"]);
  });
});
