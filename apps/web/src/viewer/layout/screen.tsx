import type { Arrangement, Slot } from "./arrangement.ts";
import { Cell } from "./cell.tsx";
import type { CellProps } from "./cell-state.ts";

type Props = {
  grid: Arrangement;
  /** The number of its first viewport. */
  from: number;
  active: number;
  /** Of all that hangs only the active viewport: on a phone nothing else is loaded. */
  isOneAtATime: boolean;
  /** How many viewports there are, over all screens. */
  many: number;
  /** What stands in a viewport for a moment, in place of what hangs there. */
  inPlaceOf(slot: Slot, at: number): Slot;
  /** What there is to know of what hangs in it. */
  about(slot: Slot, at: number): Pick<CellProps, "opened" | "currency" | "warning" | "cutting">;
} & Pick<CellProps, "tool" | "places" | "onActivate" | "onDropped" | "onState">;

/** The viewports of one screen. */
export function Screen(props: Props) {
  const { grid, from, active, isOneAtATime, many, inPlaceOf, about, ...rest } = props;
  const [rows, columns] = isOneAtATime ? [1, 1] : [grid.rows, grid.columns];
  return (
    <div
      className="grid min-h-64 min-w-0 grow"
      style={{
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
      }}
    >
      {grid.slots.map((own, index) => {
        const at = from + index;
        if (isOneAtATime && at !== active) return null;
        const slot = inPlaceOf(own, at);
        return (
          <Cell
            key={at}
            at={at}
            place={index + 1}
            of={grid.slots.length}
            isOneOfMany={many > 1}
            slot={slot}
            isActive={at === active}
            {...about(slot, at)}
            {...rest}
          />
        );
      })}
    </div>
  );
}
