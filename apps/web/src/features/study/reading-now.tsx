import { Eye } from "lucide-react";
import type { Reader } from "./use-reading-now.ts";

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Europe/London",
});

/** "Dr Patel, Royal Surrey, since 10:42" */
export const readerText = (
  { name, organisation, since }: Reader,
  trustNames: ReadonlyMap<string, string>,
): string =>
  `${name}, ${trustNames.get(organisation) ?? organisation}, since ${CLOCK.format(new Date(since))}`;

type Props = { readers: readonly Reader[]; trustNames: ReadonlyMap<string, string> };

/** Who else reads this study: two reports of one study is what it prevents. */
export function ReadingNow({ readers, trustNames }: Props) {
  if (readers.length === 0) return null;
  return (
    <p
      role="status"
      className="flex w-fit items-center gap-1.5 rounded border border-amber bg-amber-soft px-1.5 text-sm font-semibold text-amber"
    >
      <Eye aria-hidden size={14} />
      Reading now: {readers.map((reader) => readerText(reader, trustNames)).join("; ")}
    </p>
  );
}
