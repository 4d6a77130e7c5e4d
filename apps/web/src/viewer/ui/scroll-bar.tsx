import { useId } from "react";

type Props = {
  name: string;
  index: number;
  /** Undefined while it isn't known: its room is kept, so that the picture doesn't move when it is. */
  count: number | undefined;
  seen: ReadonlySet<number>;
  onGo(index: number): void;
};

const SEGMENTS = 60;

/** A thin bar of what was displayed and what was not yet, and a slider that goes anywhere. */
export function ScrollBar({ name, index, count, seen, onGo }: Props) {
  const id = useId();
  if (count === undefined) return <div aria-hidden className="h-[28.25px] bg-black" />;
  if (count < 2) return null;
  const segments = Math.min(SEGMENTS, count);
  const isSeen = (segment: number) => {
    const [from, to] = [
      Math.floor((segment * count) / segments),
      Math.floor(((segment + 1) * count) / segments),
    ];
    for (let at = from; at < to; at += 1) if (!seen.has(at)) return false;
    return true;
  };
  return (
    <div className="flex items-center gap-2 bg-black px-3 py-1 text-sm text-white">
      <label className="sr-only" htmlFor={id}>
        {name}
      </label>
      <div className="relative grow">
        <div aria-hidden className="absolute inset-x-0 -bottom-0.5 flex h-1 gap-px">
          {Array.from({ length: segments }, (_, segment) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a segment is its place
              key={segment}
              className={`h-full grow ${isSeen(segment) ? "bg-[#6cb4ff]" : "bg-white/20"}`}
            />
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
