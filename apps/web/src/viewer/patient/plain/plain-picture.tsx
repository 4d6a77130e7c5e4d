"use client";
import { useCallback, useState } from "react";
import type { Frame } from "../../frames/registry.ts";
import { LookAt, type LookAtProps } from "../look-at.tsx";
import type { PictureController } from "../looked-at.ts";
import { createPlainStack, type PlainShown } from "./plain-stack.ts";

const NOTHING: PlainShown = { index: 0, state: "loading", scale: undefined };

type Props = Omit<LookAtProps, "at"> & { frames: readonly Frame[]; onLost(index: number): void };

/** A series of plain pictures, drawn without the engine. */
export function PlainPicture({ frames, onLost, ...rest }: Props) {
  const [shown, setShown] = useState(NOTHING);
  const [controller, setController] = useState<PictureController>();
  const attach = useCallback(
    (element: HTMLDivElement | null) => {
      if (!element) return;
      const stack = createPlainStack(element, frames, setShown, onLost);
      setController(stack.controller);
      void stack.controller.goTo(0);
      return stack.destroy;
    },
    [frames, onLost],
  );
  return <LookAt {...rest} at={{ ...shown, attach, controller, frames }} />;
}
