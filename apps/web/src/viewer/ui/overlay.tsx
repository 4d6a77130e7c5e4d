import type { ViewerSeries, ViewerStudy } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { text } from "../header.ts";
import { breastSide } from "../marks/breast-side.ts";
import { type Currency, isRead } from "../marks/currency.ts";
import { edgesOf, turnedEdges } from "../marks/orientation.ts";
import { lossyText } from "../marks/quality.ts";
import { establishSide } from "../marks/side.ts";
import { slabText, viewOf, viewText } from "../marks/view.ts";
import { turnIn, turnText } from "../stack/placed.ts";
import type { Shown } from "../stack/stack-controller.ts";

type Props = {
  shown: Shown;
  /** The full picture of this very frame is on the canvas. */
  isReady: boolean;
  frame: Frame;
  count: number;
  series: ViewerSeries;
  study: ViewerStudy;
  windowName: string | undefined;
  currency: Currency;
  /** Said where a prior is of the other side, and the like. */
  warnings?: readonly string[];
  /** The edge at which the picture stands: letters stand at the other, away from tissue. */
  flush?: "left" | "right" | undefined;
  /** Of many viewports only the active one is found by these names. */
  isActive: boolean;
};

const CORNER =
  "absolute flex flex-col gap-0.5 text-[0.8125rem] leading-snug text-white [text-shadow:0_0_3px_black,0_0_2px_black]";
const WORDS = "flex flex-col gap-0.5";
const EDGE = "absolute text-base font-bold text-white [text-shadow:0_0_3px_black]";

function SideMark({ frame }: { frame: Frame }) {
  const { header } = frame.instance;
  const side = text(header, "00080060") === "MG" ? breastSide(header) : establishSide(header);
  if (side.kind === "unpaired") return null;
  if (side.kind === "doubt")
    return (
      <p className="rounded bg-[#2f230d] px-2 py-1 text-[#ffc871]">
        <strong className="text-xl">side?</strong> {side.why}
      </p>
    );
  return (
    <p>
      <strong className="text-3xl leading-none">{side.side === "B" ? "R+L" : side.side}</strong>{" "}
      <span className="text-xs">by {side.source}</span>
    </p>
  );
}

/** Two corners; or, where the picture stands at an edge, one column at the other. */
function placesOf(flush: Props["flush"]) {
  if (flush === undefined)
    return {
      box: "contents",
      first: `${CORNER} top-2 left-3 max-w-[45%]`,
      second: `${CORNER} top-2 right-3 max-w-[45%] items-end text-right`,
    };
  const side = flush === "right" ? "left-3 items-start" : "right-3 items-end text-right";
  return {
    box: `${CORNER} top-2 max-w-[60%] ${side}`,
    first: `${WORDS} ${flush === "right" ? "items-start" : "items-end"}`,
    second: `${WORDS} ${flush === "right" ? "items-start" : "items-end"}`,
  };
}

/** What must be read beside the picture, in the picture: which image, whose detail, which side, how complete. */
export function Overlay(props: Props) {
  const { shown, isReady, frame, count, series, study, windowName, currency, isActive, flush } = props;
  const { instance } = frame;
  // A picture that has no place has no letters: only what is drawn tells how it stands.
  const turn = shown.placed && turnIn(shown.placed);
  const own = edgesOf(instance.header);
  const edges = own && turn && turnedEdges(own, turn);
  const turned = turn && turnText(turn);
  const lossy = lossyText(instance.header, instance.transferSyntaxUid);
  const { window } = shown;
  const places = placesOf(flush);
  const isBreast = text(instance.header, "00080060") === "MG";
  const view = viewOf(instance.header, instance.sopClassUid);
  return (
    <div
      className="pointer-events-none absolute inset-0 select-none"
      data-testid={isActive ? "overlay" : undefined}
    >
      {edges ? (
        <>
          <span className={`${EDGE} top-1/2 left-2 -translate-y-1/2`}>{edges.left}</span>
          <span className={`${EDGE} top-1/2 right-2 -translate-y-1/2`}>{edges.right}</span>
          <span className={`${EDGE} top-2 left-1/2 -translate-x-1/2`}>{edges.top}</span>
          <span className={`${EDGE} bottom-7 left-1/2 -translate-x-1/2`}>{edges.bottom}</span>
        </>
      ) : null}
      <div className={places.box}>
        <div className={places.first}>
          <p className="font-semibold">
            {series.modality} {series.description ?? ""}
          </p>
          <p>
            Image {shown.index + 1} of {count}
            {instance.frames.length > 1 ? ` · frame ${frame.frame}` : ""}
            {instance.slicePosition === undefined ? "" : ` · ${instance.slicePosition.toFixed(1)} mm`}
          </p>
          {isBreast ? <p className="font-semibold">{viewText(view)}</p> : null}
          {view.kind === "tomosynthesis" ? (
            <p>{slabText(instance.header, frame.frame, instance.frames.length)}</p>
          ) : null}
          {series.completeness.state === "complete" ? null : (
            <p className={series.completeness.state === "short" ? "font-semibold text-[#ffc871]" : ""}>
              {series.completeness.text}
            </p>
          )}
        </div>
        <div className={places.second}>
          <p
            data-testid={isActive ? "currency" : undefined}
            className={`rounded border px-1.5 font-semibold ${isRead(currency) ? "border-[#6cb4ff]" : "border-dashed border-[#ffc871] text-[#ffc871]"}`}
          >
            {currency.text}
          </p>
          <p>{study.dateText}</p>
          <p>{study.trustName}</p>
          <SideMark frame={frame} />
          {turned ? (
            <p data-testid="turned" className="rounded bg-[#2f230d] px-2 py-0.5 font-semibold text-[#ffc871]">
              {turned}
            </p>
          ) : null}
          {props.warnings?.map((warning) => (
            <p key={warning} className="rounded bg-[#2f230d] px-2 py-0.5 font-semibold text-[#ffc871]">
              {warning}
            </p>
          ))}
        </div>
      </div>
      {!isReady && shown.state !== "failed" ? (
        <p
          role="status"
          className="absolute top-1/3 left-1/2 -translate-x-1/2 rounded border-2 border-dashed border-white bg-black/80 px-3 py-1 font-semibold text-white"
        >
          Loading, not full detail
        </p>
      ) : null}
      <div className="absolute inset-x-0 bottom-0">
        <div
          className={`flex flex-col gap-0.5 px-3 pb-1 text-[0.8125rem] leading-snug text-white [text-shadow:0_0_3px_black,0_0_2px_black] ${flush === "left" ? "text-right" : ""}`}
        >
          {window ? (
            <p data-testid={isActive ? "window" : undefined}>
              {windowName ? `${windowName} · ` : ""}C {Math.round(window.center)} W {Math.round(window.width)}
            </p>
          ) : null}
          {lossy ? <p className="font-semibold text-[#ffc871]">{lossy}</p> : null}
        </div>
        {/* In a narrow viewport it takes two lines: what stands above it goes up. */}
        <p className="bg-black/70 py-0.5 text-center text-xs text-white">
          Not a certified medical device: for review, not for primary diagnosis
        </p>
      </div>
    </div>
  );
}
