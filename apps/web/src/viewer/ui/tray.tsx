import type { Hanging } from "@weald/core/hanging";

type Props = { unplaced: Hanging["unplaced"]; onChoose(image: Hanging["unplaced"][number]["image"]): void };

/** Images that nobody can say where to hang: they wait here, each with why, and are looked at by hand. */
export function Tray({ unplaced, onChoose }: Props) {
  if (unplaced.length === 0) return null;
  return (
    <section
      aria-label="Unplaced images"
      className="flex flex-wrap items-center gap-2 bg-[#2f230d] px-3 py-1.5 text-[#ffc871]"
    >
      <p className="font-semibold">
        {unplaced.length === 1 ? "1 image hangs" : `${unplaced.length} images hang`} in no place: side or view
        in doubt
      </p>
      {unplaced.map(({ image, why }) => (
        <button
          key={`${image.seriesId}/${image.instanceId ?? ""}`}
          type="button"
          onClick={() => onChoose(image)}
          className="rounded border border-dashed border-[#ffc871] px-2 py-1 text-left text-sm hover:bg-white/10"
        >
          <strong>side?</strong> {image.prior > 0 ? "prior, " : ""}
          {image.modality} {image.description ?? ""}: {why}
        </button>
      ))}
    </section>
  );
}
