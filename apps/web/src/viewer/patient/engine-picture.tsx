"use client";
import { useEffect } from "react";
import type { Frame } from "../frames/registry.ts";
import { keepWithin } from "../stack/budget.ts";
import { dropImages } from "../stack/engine.ts";
import { useStack } from "../stack/use-stack.ts";
import { PHONE_CEILING } from "./ceiling.ts";
import { LookAt, type LookAtProps } from "./look-at.tsx";

keepWithin(PHONE_CEILING);

type Props = Omit<LookAtProps, "at"> & { frames: readonly Frame[]; startAt: number };

/** Compressed, in colour, through a table: what the engine draws. Its code comes with this. */
export function EnginePicture({ frames, startAt, ...rest }: Props) {
  const { attach, controller, shown, failure } = useStack(frames, () => ({ index: startAt }));
  // What was looked at doesn't stay in the memory of a phone.
  useEffect(() => dropImages, []);
  const { index, placed } = shown;
  const state = failure === undefined ? shown.state : "failed";
  return <LookAt {...rest} at={{ attach, controller, frames, index, state, scale: placed?.scale }} />;
}
