"use client";
import { useEffect, useRef } from "react";
import { onRenewed } from "#features/identity/session-keeper.ts";

/** Calls back when somebody has signed in again in another window of this browser. */
export function useRenewed(then: () => void): void {
  const latest = useRef(then);
  useEffect(() => {
    latest.current = then;
  });
  useEffect(() => onRenewed(() => latest.current()), []);
}
