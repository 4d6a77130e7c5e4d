import { useId } from "react";
import { segmentsOf } from "./segments.ts";

type Props = {
  name: string;
  index: number;
  /** Undefined while it isn't known: its room is kept, so that the picture doesn't move when it is. */
  count: number | undefined;
  seen: ReadonlySet<number>;
  onGo(index: number): void;
};

/** A thin bar of what was displayed and what was not yet, and a slider that goes anywhere. */
export function ScrollBar({ name, index, count, seen, onGo }: Props) {
  const id = useId();
  if (count === undefined) return <div aria-hidden className="h-[28.25px] bg-black" />;
  if (count < 2) return null;
  return (
    <div className="flex items-center gap-2 bg-black px-3 py-1 text-sm text-white">
      <label className="sr-only" htmlFor={id}>
        {name}
      </label>
      <div className="relative grow">
        <div aria-hidden className="absolute inset-x-0 -bottom-0.5 flex h-1 gap-px">
          {segmentsOf(count, seen).map(({ from, isSeen }) => (
            <span key={from} className={`h-full grow ${isSeen ? "bg-[#6cb4ff]" : "bg-white/20"}`} />
          ))}
        </div>
        <input
          id={id}
          type="range"
          min={1}
          max={count}
          value={index + 1}
          onChange={(event) => onGo(Number(event.target.value) - 1)}
          className="w-full accent-[#6cb4ff]"
          aria-valuetext={`Image ${index + 1} of ${count}, ${seen.size} displayed`}
        />
      </div>
      <span className="tabular-nums">
        {index + 1} / {count}
      </span>
    </div>
  );
}
