"use client";
import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { Button } from "#features/shell/button.tsx";
import { signInAgain } from "./sign-in-again.ts";

type Props = { title: string; action: string; children: ReactNode };

/** Behind it nothing is readable, takes focus or hears a key; what stands there stays as it is. */
export function Cover({ title, action, children }: Props) {
  const cover = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const others = [...document.body.children].filter((one) => !one.contains(cover.current));
    const wereInert = others.filter((one) => one.hasAttribute("inert"));
    for (const one of others) {
      one.setAttribute("inert", "");
      one.setAttribute("aria-hidden", "true");
    }
    document.documentElement.dataset.covered = "";
    const hush = (event: KeyboardEvent) => {
      if (!(event.target instanceof Node && cover.current?.contains(event.target))) event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener("keydown", hush, { capture: true });
    cover.current?.querySelector("button")?.focus();
    return () => {
      window.removeEventListener("keydown", hush, { capture: true });
      delete document.documentElement.dataset.covered;
      for (const one of others) {
        one.removeAttribute("aria-hidden");
        if (!wereInert.includes(one)) one.removeAttribute("inert");
      }
    };
  }, []);
  return createPortal(
    <div
      ref={cover}
      data-cover
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="cover-title"
      aria-describedby="cover-text"
      className="fixed inset-0 z-[100] flex items-center justify-center bg-surface p-6 text-ink"
    >
      <div className="flex max-w-lg flex-col gap-4 rounded-md border border-line bg-panel p-8">
        <p className="text-xl font-bold tracking-tight text-accent">Weald</p>
        <h2 id="cover-title">{title}</h2>
        <div id="cover-text" className="flex flex-col gap-2">
          {children}
        </div>
        <Button tone="main" className="min-h-11 w-fit text-lg" onClick={signInAgain}>
          {action}
        </Button>
        <form method="post" action="/api/sign-out">
          <button type="submit" className="text-sm text-accent underline">
            Sign out, so that somebody else can sign in
          </button>
        </form>
      </div>
    </div>,
    document.body,
  );
}
