import { useQueryClient } from "@tanstack/react-query";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

export type ShownCase = Outputs["room"]["readCase"];

export const PIN_NAMES = { view: "Prepared view", "key-image": "Key image", series: "Series" } as const;

/** What a page of the room knows of itself, whichever case it shows. */
export type RoomProps = {
  trustNames: ReadonlyMap<string, string>;
  isDemonstration: boolean;
  /** By who is there, or on a screen that shows this list and nothing else. */
  as: "room" | "display";
  actingFor: string;
  reader: { name: string; organisation: string };
};

/** Reads the case anew after each change, whoever else changed it meanwhile. */
export function useReread(caseId: string) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: trpc.room.readCase.queryKey({ caseId }) });
}
