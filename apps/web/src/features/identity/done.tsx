"use client";
import { useEffect } from "react";
import { tellRenewed } from "./session-keeper.ts";

/** Tells the pages that wait, and goes. */
export function Done() {
  useEffect(() => {
    tellRenewed();
    window.close();
  }, []);
  return <p role="status">You are signed in. This window may be closed; your page goes on.</p>;
}
