import { letterFor, type OwnKeys } from "./keys.ts";

type Props = {
  /** When the reader stopped here, in words. */
  at: string;
  isThere: boolean;
  own: OwnKeys;
  onToggle(): void;
};

/** Where the reader stopped the last time: offered, never taken by itself, since nobody expects to open a study in its middle. */
export function ResumeOffer({ at, isThere, own, onToggle }: Props) {
  const key = letterFor("start", own).toUpperCase();
  return (
    <button
      type="button"
      onClick={onToggle}
      className="mt-auto rounded border border-dashed border-[#6cb4ff] px-2 py-1.5 text-left text-sm text-white hover:bg-white/10 max-md:min-w-36"
    >
      {isThere ? `You are where you were at ${at}. ` : `Go to where you were at ${at} `}
      <span className="whitespace-nowrap">{isThere ? `To the start (${key})` : `(${key})`}</span>
    </button>
  );
}
