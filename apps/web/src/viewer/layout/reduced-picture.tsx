import { useEffect, useRef, useState } from "react";
import { aspectOf } from "../frames/aspect.ts";
import { drawReduced, mayBeReduced } from "../frames/decode-reduced.ts";
import { onReduced, reducedOf } from "../frames/reduced.ts";
import type { Frame } from "../frames/registry.ts";
import { number } from "../header.ts";
import { cssMatrix } from "../stack/placed.ts";
import type { Shown } from "../stack/stack-controller.ts";

type Props = { frame: Frame; shown: Shown; flush: "left" | "right" | undefined };

/** The finest that is here of a frame, drawn; of another frame, nothing. */
function useReduced({ imageId, instance }: Frame, shown: Shown): ImageData | undefined {
  const [drawn, setDrawn] = useState<{ imageId: string; image: ImageData }>();
  const { window, isInverted } = shown;
  const range = window && !window.table ? window : undefined;
  const [center, width] = [range?.center, range?.width];
  useEffect(() => {
    if (!mayBeReduced(instance.header)) return;
    let isLeft = false;
    const draw = async () => {
      const reduced = reducedOf(imageId);
      if (!reduced) return;
      const asked = center !== undefined && width !== undefined ? { center, width } : undefined;
      const image = await drawReduced(imageId, instance.header, reduced, {
        range: asked,
        isTurned: isInverted,
      });
      if (image && !isLeft && reducedOf(imageId) === reduced) setDrawn({ imageId, image });
    };
    const forget = onReduced(imageId, () => void draw());
    void draw();
    return () => {
      isLeft = true;
      forget();
    };
  }, [imageId, instance, center, width, isInverted]);
  return drawn?.imageId === imageId ? drawn.image : undefined;
}

/** Where the full picture will lie: as the one before it, or fitted. */
function placeOf(
  { instance: { header } }: Frame,
  { placed }: Shown,
  flush: Props["flush"],
): React.CSSProperties {
  if (placed)
    return {
      position: "absolute",
      ...{ left: 0, top: 0, transformOrigin: "0 0", transform: cssMatrix(placed) },
      ...{ width: number(header, "00280011"), height: number(header, "00280010"), maxWidth: "none" },
    };
  const side = flush ?? "center";
  return {
    ...{ position: "absolute", inset: 0, width: "100%", height: "100%" },
    ...{ objectFit: "contain", objectPosition: `${side} center` },
  };
}

/** How wide a picture is for its height, in the patient. */
function shapeOf({ instance: { header }, frame }: Frame): number {
  const [rows, columns] = [number(header, "00280010") ?? 1, number(header, "00280011") ?? 1];
  return (columns / rows) * aspectOf(header, frame);
}

/** Stretched to the shape that it has in the patient, so that a picture of oblong pixels is contained as it is. */
function shaped({ width, height }: ImageData, aspect: number): { width: number; height: number } {
  return aspect * height >= width
    ? { width: Math.round(height * aspect), height }
    : { width, height: Math.round(width / aspect) };
}

/**
 * What there is of a picture while its full detail is on the way. It lies over the viewport, which stays as it is: nothing is measured,
 * taken or stepped by it (clinical page §12, hazard H05).
 */
export function ReducedPicture({ frame, shown, flush }: Props) {
  const image = useReduced(frame, shown);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isPlaced = shown.placed !== undefined;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context || !image) return;
    const size = isPlaced ? image : shaped(image, shapeOf(frame));
    Object.assign(canvas.current, { width: size.width, height: size.height });
    const small = new OffscreenCanvas(image.width, image.height);
    small.getContext("2d")?.putImageData(image, 0, 0);
    context.drawImage(small, 0, 0, size.width, size.height);
  }, [image, isPlaced, frame]);
  if (!image) return null;
  return (
    <div
      className="pointer-events-none absolute inset-0 overflow-hidden bg-black"
      data-testid="reduced"
      data-columns={image.width}
    >
      <canvas aria-hidden ref={canvas} style={placeOf(frame, shown, flush)} />
      <p className="absolute inset-x-0 top-[calc(33%+2.5rem)] text-center font-semibold text-[#ffc871] [text-shadow:0_0_3px_black,0_0_2px_black]">
        REDUCED PICTURE, NOT FULL DETAIL
      </p>
    </div>
  );
}
