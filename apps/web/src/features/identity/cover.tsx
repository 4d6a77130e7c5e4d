"use client";
import { type ReactNode, type RefObject, useEffect, useRef, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { Button } from "#features/shell/button.tsx";
import { onSecondWindow, secondWindow } from "#features/shell/second-window.ts";
import { signInAgain } from "./sign-in-again.ts";

type Props = { title: string; action: string; children: ReactNode };

/** Nothing else in a window is readable, takes focus or hears a key; what stands there stays as it is. */
function useCovered(cover: RefObject<HTMLDivElement | null>, target: Window): void {
  useEffect(() => {
    const { body, documentElement } = target.document;
    const others = [...body.children].filter((one) => !one.contains(cover.current));
    const wereInert = others.filter((one) => one.hasAttribute("inert"));
    for (const one of others) {
      one.setAttribute("inert", "");
      one.setAttribute("aria-hidden", "true");
    }
    documentElement.dataset.covered = "";
    const hush = (event: KeyboardEvent) => {
      // Each window has classes of its own: what is no node of it can't be inside the cover either.
      if (!cover.current?.contains(event.target as Node | null)) event.preventDefault();
      event.stopImmediatePropagation();
    };
    target.addEventListener("keydown", hush, { capture: true });
    cover.current?.querySelector("button")?.focus();
    return () => {
      target.removeEventListener("keydown", hush, { capture: true });
      delete documentElement.dataset.covered;
      for (const one of others) {
        one.removeAttribute("aria-hidden");
        if (!wereInert.includes(one)) one.removeAttribute("inert");
      }
    };
  }, [cover, target]);
}

const COVER = "fixed inset-0 z-[100] flex items-center justify-center bg-surface p-6 text-ink";
const CARD = "flex max-w-lg flex-col gap-4 rounded-md border border-line bg-panel p-8";

/** The second window is covered with the first, and uncovered with it. */
function CoverBeside({ target, title }: { target: Window; title: string }) {
  const cover = useRef<HTMLDivElement>(null);
  useCovered(cover, target);
  return createPortal(
    <div ref={cover} data-cover role="alertdialog" aria-modal="true" aria-label={title} className={COVER}>
      <div className={CARD}>
        <p className="text-xl font-bold tracking-tight text-accent">Weald</p>
        <h2>{title}</h2>
        <p>Go on in the first window: this one comes back with it.</p>
      </div>
    </div>,
    target.document.body,
  );
}

/** Over this page, and over its second window. */
export function Cover({ title, action, children }: Props) {
  const cover = useRef<HTMLDivElement>(null);
  const beside = useSyncExternalStore(onSecondWindow, secondWindow, () => undefined);
  useCovered(cover, window);
  return (
    <>
      {createPortal(
        <div
          ref={cover}
          data-cover
          role="alertdialog"
          aria-modal="true"
          aria-labelledby="cover-title"
          aria-describedby="cover-text"
          className={COVER}
        >
          <div className={CARD}>
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
      )}
      {beside ? <CoverBeside target={beside} title={title} /> : null}
    </>
  );
}
