import { useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import type { Arrangement } from "../layout/arrangement.ts";
import type { CellState } from "../layout/cell.tsx";
import type { MarkBook } from "./mark-book.ts";
import { viewOf } from "./view-link.ts";

export type GiveAwayProps = {
  opened: OpenedStudy;
  book: MarkBook;
  cells: ReadonlyMap<number, CellState>;
  arrangement: Arrangement;
};
const BUTTON =
  "rounded border border-field px-2 py-1 text-sm font-semibold text-ink hover:bg-raised disabled:opacity-40";

/** What leaves the reader's screen: a link, or an object of the study. */
export function GiveAway({ opened, cells, arrangement }: GiveAwayProps) {
  const [said, setSaid] = useState<string>();
  const [link, setLink] = useState<string>();
  const { marks } = opened;
  if (!marks) return null;

  async function makeLink(): Promise<void> {
    setSaid(undefined);
    try {
      setLink(await marks?.makeView(viewOf(arrangement, cells)));
    } catch (error) {
      setSaid(error instanceof Error ? error.message : "The link could not be made.");
    }
  }

  return (
    <div className="mt-3 border-t border-line pt-3">
      <p className="flex flex-wrap gap-1.5">
        <button type="button" className={BUTTON} onClick={() => void makeLink()}>
          Link to this view
        </button>
      </p>
      {link ? (
        <label className="mt-2 block text-sm">
          Opens for who may see the study, and for nobody else. Your drafts aren't in it.
          <input
            readOnly
            value={link}
            aria-label="Link to this view"
            onFocus={(event) => event.target.select()}
            className="mt-1 w-full rounded border border-field bg-panel px-2 py-1 text-ink"
          />
        </label>
      ) : null}
      {said ? (
        <p role="status" className="mt-2 text-sm font-semibold">
          {said}
        </p>
      ) : null}
    </div>
  );
}
