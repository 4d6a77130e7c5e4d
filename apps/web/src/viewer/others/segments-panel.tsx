import type { Frame } from "../frames/registry.ts";
import { layOn } from "./lay-frames.ts";
import type { Segment, Segmentation } from "./segmentation.ts";

type Props = {
  segmentations: readonly Segmentation[];
  problem: string | undefined;
  isRead: boolean;
  /** The picture of the active viewport, and the segmentations of its study. */
  picture: Frame | undefined;
  pictured: readonly Segmentation[];
  isOn(of: Segmentation): boolean;
  onToggle(of: Segmentation): void;
  isHidden(instanceId: string, segment: number): boolean;
  onHide(instanceId: string, segment: number): void;
  opacity: number;
  onOpacity(opacity: number): void;
};

/** What of a segmentation lies on the picture, in words. */
function lyingText(of: Segmentation, picture: Frame): string {
  const { laid, by, elsewhere } = layOn(of, picture);
  if (elsewhere > 0 && laid.length === 0)
    return "It was made of this image, but says another place than the image does: not drawn.";
  if (laid.length === 0) return "Nothing of it lies on this image.";
  const how = by === "source" ? "made of it" : "by position: it was made of another series";
  // Of a label map its pixels tell, beside the picture.
  if (of.isLabelMap) return `A label map of ${of.segments.length} lies on this image, ${how}.`;
  const count = new Set(laid.map(({ frame }) => frame.segment)).size;
  return `${count} of ${of.segments.length} on this image, ${how}.`;
}

export function Swatch({ rgb }: Pick<Segment, "rgb">) {
  return (
    <span
      aria-hidden
      className="mr-1 inline-block size-3 rounded-sm border border-white align-middle"
      style={{ backgroundColor: `rgb(${rgb.join(" ")})` }}
    />
  );
}

function One({ of, ...props }: Props & { of: Segmentation }) {
  const { picture, pictured, isOn, onToggle, isHidden, onHide } = props;
  const { instanceId } = of.instance;
  return (
    <li className="border-t border-line py-2" data-segmentation={of.name}>
      <label className="flex min-h-7 items-center gap-2 font-semibold">
        <input
          type="checkbox"
          checked={isOn(of) && of.why === undefined}
          disabled={of.why !== undefined}
          onChange={() => onToggle(of)}
        />
        {of.name}
      </label>
      {of.why ? <p className="text-sm font-semibold text-amber">Not shown here: {of.why}</p> : null}
      {of.thresholdText ? <p className="text-sm text-muted">Fractions, {of.thresholdText}.</p> : null}
      {of.why === undefined && picture ? (
        <p className="text-sm text-muted">
          {pictured.includes(of) ? lyingText(of, picture) : "It is of another study than this image."}
        </p>
      ) : null}
      <ul className="mt-1 ml-5">
        {of.segments.map((segment) => (
          <li key={segment.number}>
            <label className="flex min-h-7 items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={!isHidden(instanceId, segment.number)}
                onChange={() => onHide(instanceId, segment.number)}
              />
              <span>
                <Swatch rgb={segment.rgb} />
                {segment.name}
                {segment.how ? <span className="text-muted"> ({segment.how})</span> : null}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Segmentations of the open studies and their segments, each on or off. */
export function SegmentsPanel(props: Props) {
  const { segmentations, problem, isRead, opacity, onOpacity } = props;
  return (
    <aside aria-label="Segmentations" className="w-full shrink-0 overflow-auto bg-panel p-4 text-ink md:w-80">
      <h2>Segmentations</h2>
      <label className="mt-2 flex items-center gap-2 text-sm">
        <span>Opacity</span>
        <input
          type="range"
          min={10}
          max={100}
          step={10}
          value={Math.round(opacity * 100)}
          aria-valuetext={`${Math.round(opacity * 100)} per cent`}
          onChange={(event) => onOpacity(Number(event.target.value) / 100)}
        />
        <span>{Math.round(opacity * 100)} %</span>
      </label>
      {problem ? (
        <p role="alert" className="mt-2 text-sm font-semibold text-danger">
          {problem}
        </p>
      ) : null}
      {isRead ? null : (
        <p role="status" className="mt-2">
          Loading …
        </p>
      )}
      {isRead && !problem && segmentations.length === 0 ? <p className="mt-2">There is none.</p> : null}
      <ul className="mt-2">
        {segmentations.map((of) => (
          <One key={of.instance.instanceId} of={of} {...props} />
        ))}
      </ul>
    </aside>
  );
}
