import { number } from "../header.ts";
import { ReferenceLine } from "../link/reference-line-mark.tsx";
import { ComputedMarks } from "../mpr/computed-marks.tsx";
import { OthersLayer } from "../others/layer.tsx";
import { Planes } from "../pixels/planes.tsx";
import { Document } from "../ui/document.tsx";
import { Overlay } from "../ui/overlay.tsx";
import { ScrollBar } from "../ui/scroll-bar.tsx";
import { ReducedPicture } from "./reduced-picture.tsx";
import { type PictureProps, usePicture } from "./use-picture.ts";

/** What hangs in one viewport: its picture, what lies over it and what stands beside it. */
export function Picture(props: PictureProps) {
  const { at, place, of, hung, opened, series, currency, isActive, warning, cutting, onActivate } = props;
  const { study } = opened;
  const here = usePicture(props);
  const { load, cut, attach, steer, shown, frame, count, isReady, failed, isDocument, isAcquired } = here;
  const { look, isCurveLost, windowName, seenIndexes, frames } = here;
  return (
    <>
      {isDocument && load.state === "ready" ? <Document instances={load.instances} /> : null}
      <div
        className={`relative min-h-16 grow ${isDocument ? "hidden" : ""}`}
        onWheel={({ deltaY }) => {
          if (deltaY === 0) return;
          onActivate(at);
          steer.scrollBy(deltaY > 0 ? 1 : -1);
        }}
      >
        <section
          ref={attach}
          aria-label={of > 1 ? `Images of viewport ${place}` : "Images"}
          // Until the picture is the one that is named beside it, none is shown and nothing is measured.
          className={`absolute inset-0 ${isReady ? "" : "pointer-events-none opacity-0"}`}
          data-testid={isActive ? "viewport" : "other-viewport"}
          data-state={failed === undefined ? (isReady ? "ready" : "loading") : "failed"}
          data-index={shown.index}
          data-count={count}
          data-scale={shown.placed?.scale}
          data-left={shown.placed?.left}
          data-top={shown.placed?.top}
          data-matrix={shown.placed?.matrix.join(" ")}
        />
        {frame && isAcquired && !isReady && failed === undefined && look === undefined ? (
          <ReducedPicture frame={frame} shown={shown} flush={hung.flush} />
        ) : null}
        {frame && isReady && shown.placed ? (
          <Planes frame={frame} placed={shown.placed} isPresented={look !== undefined} />
        ) : null}
        {frame && isReady && isAcquired && shown.placed ? (
          <OthersLayer
            studyId={study.studyId}
            frame={frame}
            placed={shown.placed}
            look={look}
            isCurveLost={isCurveLost}
            flush={hung.flush}
          />
        ) : null}
        {frame ? (
          <Overlay
            shown={shown}
            isReady={isReady}
            frame={frame}
            count={count}
            series={series}
            study={study}
            windowName={windowName}
            currency={currency}
            flush={hung.flush}
            warnings={warning === undefined ? [] : [warning]}
            isActive={isActive}
          />
        ) : null}
        {frame && cut.computed && isReady ? (
          <ComputedMarks
            computed={cut.computed}
            columns={number(frame.instance.header, "00280011") ?? 0}
            placed={shown.placed}
          />
        ) : null}
        {frame && cutting && isReady ? (
          <ReferenceLine cutting={cutting} frame={frame} placed={shown.placed} />
        ) : null}
        <Failure text={failed} />
        {load.state === "loading" || (hung.cut && !frames && failed === undefined) ? (
          <p role="status" className="absolute inset-x-0 top-1/3 text-center">
            Loading the series …
          </p>
        ) : null}
      </div>
      <ScrollBar
        name={of > 1 ? `Image in viewport ${place}` : "Image"}
        index={shown.index}
        count={isDocument || failed !== undefined ? 0 : frames ? count : undefined}
        seen={seenIndexes}
        onGo={steer.goTo}
      />
    </>
  );
}

/** In place of the image: what happened, in words. The rest goes on. */
function Failure({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <div role="alert" className="absolute inset-0 flex items-center justify-center bg-black p-6 text-center">
      <p className="max-w-prose">
        <strong className="block text-lg">This image can't be shown</strong>
        {text}
      </p>
    </div>
  );
}
