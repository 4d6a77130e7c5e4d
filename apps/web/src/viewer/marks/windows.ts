import type { Header } from "../contract.ts";
import { functional, numbers, text } from "../header.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";

/** A window, or with a table a curve that the maker sent: its range is where the table says anything. */
export type Window = { name: string; center: number; width: number; table?: LookupTable | undefined };

const CT: readonly Window[] = [
  { name: "Soft tissue", center: 40, width: 400 },
  { name: "Lung", center: -600, width: 1500 },
  { name: "Bone", center: 500, width: 2000 },
  { name: "Brain", center: 40, width: 80 },
  { name: "Stroke", center: 35, width: 35 },
  { name: "Liver", center: 70, width: 150 },
  { name: "Mediastinum", center: 50, width: 350 },
  { name: "Angiography", center: 300, width: 700 },
];

const curves = (tables: readonly LookupTable[]): Window[] =>
  tables.map((table, at) => ({
    name: table.name ?? `Curve ${at + 1}`,
    center: table.first + table.values.length / 2,
    width: table.values.length,
    table,
  }));

/** A frame of an enhanced object (a tomosynthesis) says its own window. @see DICOM PS3.3 §C.7.6.16.2.10 */
const FRAME_VOI = "00289132";

/** Keys 1 to 9: first what the frame itself says, then for CT the usual ones, in Hounsfield units. */
export function windowsFor(header: Header, frame = 1, tables: readonly LookupTable[] = []): Window[] {
  const says = functional(header, frame, FRAME_VOI) ?? header;
  const [centers, widths] = [numbers(says, "00281050"), numbers(says, "00281051")];
  const own = centers.flatMap((center, index) => {
    const width = widths[index];
    return width && width > 0
      ? [
          {
            name: text(says, "00281055", index) ?? (index === 0 ? "As sent" : `As sent ${index + 1}`),
            center,
            width,
          },
        ]
      : [];
  });
  const isCt = text(header, "00080060") === "CT";
  const more = isCt
    ? CT.filter(({ name }) => !own.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    : [];
  return [...own, ...curves(tables), ...more].slice(0, 9);
}

type Standing = { center: number; width: number; table?: LookupTable | undefined };

/** The name of a window that a reader has not moved from. */
export const nameOfWindow = (
  windows: readonly Window[],
  { center, width, table }: Standing,
): string | undefined =>
  windows.find(
    (one) => one.table === table && Math.abs(one.center - center) < 1 && Math.abs(one.width - width) < 1,
  )?.name;
