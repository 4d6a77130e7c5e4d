import {
  type KeyImage,
  type ListedMark,
  type MarkedFrame,
  MarkRefused,
  type MarkSource,
  type Shape,
} from "./contract.ts";

/** `trouble`: it stands here and is not kept yet, and why. */
export type BookMark = ListedMark & { trouble?: string | undefined };
export type BookState = {
  marks: readonly BookMark[];
  reading: { isScreening: boolean; isIn: boolean };
  problem: string | undefined;
  canUndo: boolean;
  canRedo: boolean;
};
type Step = { undo(): Promise<void>; redo(): Promise<void> };
type Drawable = Shape | KeyImage;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : "It could not be kept.");
const drawable = ({ said }: BookMark): Drawable | undefined =>
  said && said.content.kind !== "view" ? said.content : undefined;

/** The marks of one study in this window: drawn at once, kept one after the other, undone and redone. */
export function createMarkBook(source: MarkSource, newId: () => string = () => crypto.randomUUID()) {
  let state: BookState = {
    marks: [],
    reading: { isScreening: false, isIn: false },
    problem: undefined,
    canUndo: false,
    canRedo: false,
  };
  const listeners = new Set<() => void>();
  const [past, future]: [Step[], Step[]] = [[], []];
  /** What was told to the server last comes first: a version never overtakes the one before. */
  let queue: Promise<void> = Promise.resolve();

  function tell(more: Partial<BookState>): void {
    state = { ...state, ...more, canUndo: past.length > 0, canRedo: future.length > 0 };
    for (const listener of listeners) listener();
  }
  const find = (markId: string) => state.marks.find((mark) => mark.markId === markId);
  const patch = (markId: string, more: Partial<BookMark>) =>
    tell({ marks: state.marks.map((mark) => (mark.markId === markId ? { ...mark, ...more } : mark)) });
  function inTurn(work: () => Promise<void>): Promise<void> {
    queue = queue.then(work, work);
    return queue;
  }

  async function load(): Promise<void> {
    try {
      const { marks, reading } = await source.list();
      const kept = new Set(marks.map(({ markId }) => markId));
      // What isn't kept yet is on nobody's list, and must not go.
      const waiting = state.marks.filter(({ markId, version }) => version === 0 && !kept.has(markId));
      const troubled = new Map(state.marks.flatMap((mark) => (mark.trouble ? [[mark.markId, mark]] : [])));
      tell({
        marks: [...waiting, ...marks.map((mark) => troubled.get(mark.markId) ?? mark)],
        reading,
        problem: undefined,
      });
    } catch (error) {
      tell({ problem: messageOf(error) });
    }
  }

  /** Another window changed it: theirs stays as it is, ours goes on as a new mark. */
  async function keepAsNew(mark: BookMark): Promise<void> {
    const copy = newId();
    tell({
      marks: state.marks.map((one) =>
        one.markId === mark.markId ? { ...one, markId: copy, version: 0, trouble: undefined } : one,
      ),
    });
    await keep(copy);
    await load();
  }

  async function keep(markId: string): Promise<void> {
    const mark = find(markId);
    const content = mark && drawable(mark);
    const frame = mark?.said?.frame;
    if (!mark || !content || !frame) return;
    try {
      const { version } = await source.save({ markId, version: mark.version, frame, content });
      patch(markId, { version, trouble: undefined });
    } catch (error) {
      if (error instanceof MarkRefused && error.code === "MARK_CHANGED") await keepAsNew(mark);
      else patch(markId, { trouble: messageOf(error) });
    }
  }

  async function setWithdrawn(markId: string, isBack: boolean): Promise<void> {
    try {
      await source.withdraw(markId, isBack);
      await load();
    } catch (error) {
      tell({ problem: messageOf(error) });
    }
  }

  function change(markId: string, content: Drawable): Promise<void> {
    const mark = find(markId);
    if (!mark?.said) return Promise.resolve();
    patch(markId, { said: { ...mark.said, content } });
    return inTurn(() => keep(markId));
  }

  function did(step: Step): void {
    past.push(step);
    future.length = 0;
    tell({});
  }
  async function move(from: Step[], to: Step[], way: "undo" | "redo"): Promise<void> {
    const step = from.pop();
    if (!step) return;
    to.push(step);
    tell({});
    await step[way]();
  }

  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: () => state,
    find,
    load: () => inTurn(load),
    /** It stands at once, and is kept as a draft. */
    add(markId: string, seriesId: string, frame: MarkedFrame, content: Drawable): Promise<void> {
      const now = new Date().toISOString();
      const { name, organisation } = source.reader;
      const mark: BookMark = {
        ...{ markId, kind: content.kind, state: "draft", standing: "stands", version: 0 },
        author: { name, role: "", organisation, isMe: true },
        ...{ madeAt: now, changedAt: now, said: { content, frame, seriesId } },
      };
      tell({ marks: [mark, ...state.marks] });
      did({
        undo: () => inTurn(() => setWithdrawn(markId, false)),
        redo: () => inTurn(() => setWithdrawn(markId, true)),
      });
      return inTurn(() => keep(markId));
    },
    /** Of a draft of one's own. */
    async change(markId: string, content: Drawable): Promise<void> {
      const before = find(markId);
      const was = before && drawable(before);
      if (!was || before.state !== "draft" || !before.author.isMe) return;
      did({ undo: () => change(markId, was), redo: () => change(markId, content) });
      await change(markId, content);
    },
    retry: (markId: string): Promise<void> => inTurn(() => keep(markId)),
    withdraw(markId: string): Promise<void> {
      did({
        undo: () => inTurn(() => setWithdrawn(markId, true)),
        redo: () => inTurn(() => setWithdrawn(markId, false)),
      });
      return inTurn(() => setWithdrawn(markId, false));
    },
    bringBack: (markId: string): Promise<void> => inTurn(() => setWithdrawn(markId, true)),
    publish: (markIds: string[]): Promise<void> =>
      inTurn(async () => {
        try {
          await source.publish(markIds);
          await load();
        } catch (error) {
          tell({ problem: messageOf(error) });
        }
      }),
    finishRead: (): Promise<void> =>
      inTurn(async () => {
        await source.finishRead().catch((error: unknown) => tell({ problem: messageOf(error) }));
        await load();
      }),
    undo: () => move(past, future, "undo"),
    redo: () => move(future, past, "redo"),
  };
}
export type MarkBook = ReturnType<typeof createMarkBook>;
