import { pictureOf } from "../annotations/picture.ts";
import type { FrameSource } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { libraryOf } from "../frames/series-library.ts";
import { number } from "../header.ts";
import { keepWithin } from "../stack/budget.ts";
import { dropImages, engine } from "../stack/engine.ts";
import { createStackController, type Shown } from "../stack/stack-controller.ts";
import { PHONE_CEILING } from "./ceiling.ts";
import { pictureSide } from "./picture-side.ts";

keepWithin(PHONE_CEILING);

/** `blob`: none where this picture can't be shown; the rest of the series goes on. */
export type TakenPicture = { at: number; count: number; blob: Blob | undefined };

/** As a page's length, whatever the screen. */
function sideOf(frame: Frame | undefined): number {
  const { header = {} } = frame?.instance ?? {};
  return pictureSide(number(header, "00280010"), number(header, "00280011")) / window.devicePixelRatio;
}

/** Of a series from one picture to another, counted from 1. */
export type Run = { seriesId: string; from: number; to: number };

/** Where it is drawn meanwhile: on the page, as it has to have a size, and seen by nobody. */
function stageOf(side: number): HTMLDivElement {
  const stage = document.createElement("div");
  stage.inert = true;
  Object.assign(stage.style, {
    ...{ position: "fixed", inset: "0 auto auto 0", width: `${side}px`, height: `${side}px` },
    ...{ opacity: "0", pointerEvents: "none", zIndex: "-1" },
  });
  document.body.append(stage);
  return stage;
}

/** What is shown, and a way to wait for one picture of it. */
function watching() {
  const waiting = new Set<(shown: Shown) => void>();
  return {
    onShown: (shown: Shown) => {
      for (const tell of [...waiting]) tell(shown);
    },
    untilShown: (imageId: string, index: number) =>
      new Promise<"ready" | "failed">((resolve) => {
        function hear({ state, imageId: drawn, index: at }: Shown): void {
          if (state === "loading" || (state === "ready" && drawn !== imageId)) return;
          if (state === "failed" && at !== index) return;
          waiting.delete(hear);
          resolve(state);
        }
        waiting.add(hear);
      }),
  };
}

/**
 * Each picture of a run of a series as a JPEG, as the viewer draws it. One after the other: no more than one is held, whatever the series.
 *
 * @param textOf - what stands under one: nobody's name
 */
export async function* picturesOf(
  source: FrameSource,
  { seriesId, from, to }: Run,
  textOf: (at: number, count: number) => string[],
): AsyncGenerator<TakenPicture> {
  const { frames } = await libraryOf(source).series(seriesId);
  const stage = stageOf(sideOf(frames[0]));
  const { onShown, untilShown } = watching();
  const controller = createStackController(await engine(), stage, `taken-${seriesId}`, onShown);
  // Until a first picture could be shown the stack isn't put in.
  let isPutIn = false;
  try {
    for (const [at, { imageId }] of frames.entries()) {
      if (at + 1 < from || at + 1 > to) continue;
      const shown = untilShown(imageId, at);
      void (isPutIn ? controller.goTo(at) : controller.show(frames, at));
      const isThere = (await shown) === "ready";
      isPutIn ||= isThere;
      const text = { patient: [], always: textOf(at + 1, frames.length) };
      const blob = isThere ? await pictureOf(controller.canvas(), text, "image/jpeg") : undefined;
      yield { at: at + 1, count: frames.length, blob };
    }
  } finally {
    controller.destroy();
    stage.remove();
    dropImages();
  }
}
