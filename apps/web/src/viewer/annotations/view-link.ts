import { type Arrangement, arrange, type Slot } from "../layout/arrangement.ts";
import type { CellState } from "../layout/cell.tsx";
import type { View } from "./contract.ts";

type Cells = ReadonlyMap<number, CellState>;
type Pane = NonNullable<View["panes"][number]>;

function paneOf({ hung, frame, shown, controller }: CellState): Pane {
  const look = controller?.look();
  return {
    studyId: hung.studyId,
    seriesId: hung.seriesId,
    ...(hung.instanceIds ? { instanceIds: [...hung.instanceIds] } : {}),
    ...(hung.flush ? { flush: hung.flush } : {}),
    ...(frame ? { instanceId: frame.instance.instanceId, frame: frame.frame } : {}),
    ...(shown.window ? { window: shown.window } : {}),
    isInverted: shown.isInverted,
    ...(look ? { zoom: look.zoom, middle: look.middle } : {}),
  };
}

/** What is on the screen now, as a link restores it: ids and geometry, nothing of a patient. */
export function viewOf({ rows, columns, slots, active }: Arrangement, cells: Cells): View {
  const panes = slots.map((_slot, at) => {
    const cell = cells.get(at);
    return cell ? paneOf(cell) : null;
  });
  return { kind: "view", rows, columns, active, panes };
}

type Open = { study: { studyId: string; series: readonly { seriesId: string }[] } };

/** A place whose study isn't open to this reader stays empty and says so: a link shows nobody what they may not see. */
function slotOf(pane: View["panes"][number], studies: readonly Open[]): Slot {
  if (!pane) return { kind: "empty" };
  const study = studies.find((one) => one.study.studyId === pane.studyId)?.study;
  if (!study) return { kind: "missing", text: "Another study hung here, which isn't open to you" };
  if (!study.series.some(({ seriesId }) => seriesId === pane.seriesId))
    return { kind: "missing", text: "The series that hung here isn't part of the study any more" };
  const { studyId, seriesId, instanceIds, flush } = pane;
  return {
    kind: "hung",
    hung: { studyId, seriesId, instanceIds: instanceIds ?? undefined, flush: flush ?? undefined },
  };
}

export const arrangementOfView = (
  { rows, columns, panes, active }: View,
  studies: readonly Open[],
): Arrangement =>
  arrange(
    rows,
    columns,
    panes.map((pane) => slotOf(pane, studies)),
    active,
  );
