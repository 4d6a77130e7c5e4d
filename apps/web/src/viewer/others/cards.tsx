import { jumpTo } from "../annotations/jumps.tsx";
import { pointedByState } from "../annotations/objects/read-content.ts";
import type { ViewerInstance } from "../contract.ts";
import { useOthersHere } from "./others.ts";
import { isApplicable, nameOfState } from "./presentation-state.ts";
import { madeOf, segmentationOf } from "./segmentation.ts";
import { Swatch } from "./segments-panel.tsx";

const BUTTON = "mt-2 rounded border border-field px-2 py-1 text-left font-semibold text-ink hover:bg-raised";

/** How somebody showed images: said, and put on them when it is asked for. */
export function StateCard({ instance }: { instance: ViewerInstance }) {
  const { showState } = useOthersHere();
  const [first] = pointedByState(instance.header);
  return (
    <>
      <p>
        <strong>{nameOfState(instance)}</strong>
      </p>
      {isApplicable(instance) ? (
        <p>
          A presentation state: how somebody showed these images. On its images are its window, shutter,
          drawings and words; what isn't done there is said beside them.
        </p>
      ) : (
        <p>A presentation state of a kind that isn't put on images here. Its words are below.</p>
      )}
      {isApplicable(instance) && first ? (
        <button
          type="button"
          className={BUTTON}
          onClick={() => {
            showState(instance);
            jumpTo(first);
          }}
        >
          Show on its images
        </button>
      ) : null}
    </>
  );
}

/** What was outlined in images: its segments by name, and put over the images when it is asked for. */
export function SegmentationCard({ instance }: { instance: ViewerInstance }) {
  const { showSegmentation } = useOthersHere();
  const of = segmentationOf(instance);
  const made = madeOf(of);
  return (
    <div className="mb-4 max-w-3xl">
      <p>
        <strong>{of.name}</strong>: a segmentation of {of.segments.length}{" "}
        {of.segments.length === 1 ? "segment" : "segments"}.
        {of.thresholdText ? ` Fractions, ${of.thresholdText}.` : ""}
      </p>
      <ul className="mt-1">
        {of.segments.map((segment) => (
          <li key={segment.number}>
            <Swatch rgb={segment.rgb} />
            {segment.name}
            {segment.how ? ` (${segment.how})` : ""}
          </li>
        ))}
      </ul>
      {of.why ? (
        <p className="font-semibold text-amber">Not shown over images here: {of.why} Open it in your PACS.</p>
      ) : (
        <>
          <button
            type="button"
            className={BUTTON}
            onClick={() => {
              showSegmentation(instance);
              if (made) jumpTo(made);
            }}
          >
            Show on its images
          </button>
          {made?.seriesInstanceUid ? null : (
            <p className="mt-1 text-sm text-muted">
              It doesn't say which series it was made of. It lies on images in its own planes: open their
              series.
            </p>
          )}
        </>
      )}
    </div>
  );
}
