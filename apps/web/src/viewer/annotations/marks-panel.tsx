import { type ReactNode, useEffect, useRef, useState } from "react";
import type { MarkedFrame } from "./contract.ts";
import { drawMoved } from "./drawings.ts";
import type { BookMark, MarkBook } from "./mark-book.ts";
import { authorText, nameOf, saysOf, standingText } from "./mark-text.ts";

const BUTTON =
  "rounded border border-field px-2 py-1 text-sm font-semibold text-ink hover:bg-raised disabled:opacity-40";

type Act = { name: string; about: string; disabled?: boolean; onClick(): void };
const Button = ({ name, about, disabled, onClick }: Act) => (
  <button
    type="button"
    aria-label={about ? `${name}: ${about}` : name}
    disabled={disabled}
    onClick={onClick}
    className={BUTTON}
  >
    {name}
  </button>
);

/** The label of a measurement, or the note of a key image. Kept when the field is left. */
function Words({ mark, onSay }: { mark: BookMark; onSay(text: string): void }) {
  const content = mark.said?.content;
  const was =
    content?.kind === "key-image" ? content.note : content && "label" in content ? content.label : "";
  const [text, setText] = useState(was);
  useEffect(() => setText(was), [was]);
  const name = content?.kind === "key-image" ? "Note" : "Label";
  return (
    <label className="mt-1 flex items-center gap-2 text-sm">
      <span>{name}</span>
      <input
        value={text}
        maxLength={content?.kind === "key-image" ? 1000 : 200}
        aria-label={`${name} of ${nameOf(mark)}`}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => text.trim() !== was && onSay(text.trim())}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        className="min-w-0 grow rounded border border-field bg-panel px-2 py-1 text-ink"
      />
    </label>
  );
}

type RowProps = { mark: BookMark; book: MarkBook; onJump(place: MarkedFrame & { seriesId: string }): void };

function Row({ mark, book, onJump }: RowProps) {
  const { said, state, author, markId } = mark;
  const [frame, seriesId, content] = [said?.frame, said?.seriesId, said?.content];
  const about = `${nameOf(mark)} ${saysOf(mark)}`.trim();
  const isMine = author.isMe && content !== undefined;
  const isGone = state === "withdrawn" || content === undefined;
  function say(text: string): void {
    if (content?.kind === "key-image") void book.change(markId, { ...content, note: text });
    else if (content && content.kind !== "view") void book.change(markId, { ...content, label: text });
  }
  return (
    <li className="border-t border-line py-2" data-mark={mark.kind} data-state={state}>
      <p className={isGone ? "line-through" : ""}>
        <strong>{nameOf(mark)}</strong>
        {content && "label" in content && content.label ? ` · ${content.label}` : ""} {saysOf(mark)}
      </p>
      <p className="text-sm text-muted">{authorText(mark)}</p>
      {standingText(mark) ? <p className="text-sm font-semibold text-amber">{standingText(mark)}</p> : null}
      {mark.trouble ? (
        <p role="alert" className="text-sm font-semibold text-danger">
          Not kept yet: {mark.trouble}{" "}
          <Button name="Try again" about={about} onClick={() => void book.retry(markId)} />
        </p>
      ) : null}
      {isMine && state === "draft" ? <Words mark={mark} onSay={say} /> : null}
      <p className="mt-1 flex flex-wrap gap-1.5">
        {frame && seriesId ? (
          <Button name="Go to" about={about} onClick={() => onJump({ ...frame, seriesId })} />
        ) : null}
        {isMine && state === "draft" && !mark.trouble ? (
          <Button name="Publish" about={about} onClick={() => void book.publish([markId])} />
        ) : null}
        {isMine && state !== "withdrawn" ? (
          <Button name="Withdraw" about={about} onClick={() => void book.withdraw(markId)} />
        ) : null}
        {isMine && state === "withdrawn" ? (
          <Button name="Bring back" about={about} onClick={() => void book.bringBack(markId)} />
        ) : null}
      </p>
    </li>
  );
}

/** What must be said of how the study is read. */
function Blind({ book }: { book: MarkBook }) {
  const { reading } = book.state();
  if (!reading.isScreening) return null;
  return (
    <div className="mt-2 rounded border border-line p-2 text-sm">
      {reading.isIn ? (
        <p>Screening: your read is in, and what other readers published reaches you.</p>
      ) : (
        <>
          <p>
            <strong>Screening, read blind.</strong> Nothing of another reader reaches you, and nothing of
            yours reaches one whose read isn't in.
          </p>
          <Button name="My read is in" about="" onClick={() => void book.finishRead()} />
        </>
      )}
    </div>
  );
}

type Props = {
  book: MarkBook;
  studyText: string;
  onJump(place: MarkedFrame & { seriesId: string }): void;
  /** Links and exports. */
  more: ReactNode;
};

/** Every mark on the study that reaches this reader: found, named, published, withdrawn. */
export function MarksPanel({ book, studyText, onJump, more }: Props) {
  const { marks, problem, canUndo, canRedo } = book.state();
  const drafts = marks.filter(({ state, author, trouble }) => state === "draft" && author.isMe && !trouble);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <aside aria-label="Marks" className="w-full shrink-0 overflow-auto bg-panel p-4 text-ink md:w-96">
      <h2 ref={heading} tabIndex={-1}>
        Marks
      </h2>
      <p className="text-sm text-muted">{studyText}</p>
      <Blind book={book} />
      {problem ? (
        <p role="alert" className="mt-2 text-sm font-semibold text-danger">
          {problem}
        </p>
      ) : null}
      <p className="mt-2 flex flex-wrap gap-1.5">
        <Button
          name="Undo"
          about=""
          disabled={!canUndo}
          onClick={() => void book.undo().then(() => drawMoved(book.state().marks))}
        />
        <Button
          name="Redo"
          about=""
          disabled={!canRedo}
          onClick={() => void book.redo().then(() => drawMoved(book.state().marks))}
        />
        <Button
          name={`Publish my drafts (${drafts.length})`}
          about=""
          disabled={drafts.length === 0}
          onClick={() => void book.publish(drafts.map(({ markId }) => markId))}
        />
      </p>
      {more}
      {marks.length === 0 ? <p className="mt-3">Nothing is marked on this study.</p> : null}
      <ul className="mt-3">
        {marks.map((mark) => (
          <Row key={mark.markId} mark={mark} book={book} onJump={onJump} />
        ))}
      </ul>
    </aside>
  );
}
