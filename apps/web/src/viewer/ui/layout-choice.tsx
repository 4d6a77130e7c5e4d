type Props = { grid: { rows: number; columns: number }; onGrid(rows: number, columns: number): void };

const SIDES = [1, 2, 3, 4];
const GRIDS = SIDES.flatMap((rows) => SIDES.map((columns) => `${rows}×${columns}`));

export function LayoutChoice({ grid, onGrid }: Props) {
  return (
    <label className="flex items-center gap-2 text-sm text-white">
      <span className="max-sm:sr-only">Layout</span>
      <select
        className="min-h-9 rounded border border-[#7d909c] bg-[#1a2227] px-2 text-white"
        value={`${grid.rows}×${grid.columns}`}
        onChange={(event) => {
          const [rows = 1, columns = 1] = event.target.value.split("×").map(Number);
          onGrid(rows, columns);
        }}
      >
        {GRIDS.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
