"use client";
import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { onSecondWindow, secondWindow } from "./second-window.ts";

/** Here, and in the second window where there is one. */
export function OnEveryScreen({ children }: { children: ReactNode }) {
  const beside = useSyncExternalStore(onSecondWindow, secondWindow, () => undefined);
  return (
    <>
      {children}
      {beside ? createPortal(children, beside.document.body) : null}
    </>
  );
}
