/**
 * A second window of this page, for a second screen. It has no program of its own: what stands in it is drawn by this page
 * (a React portal), so one set of studies, one cache and one session are behind both (ADR 0023).
 */
let shown: Window | undefined;
const listeners = new Set<() => void>();

function tell(next: Window | undefined): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** It looks as this page does. An empty document has this page's origin and its content security policy. */
function dress(target: Document): void {
  target.title = "Second screen · Weald";
  target.documentElement.lang = document.documentElement.lang;
  target.documentElement.dataset.theme = "dark";
  target.body.className = "bg-black text-white antialiased";
  // No white flash before the styles are there.
  target.documentElement.style.background = "black";
  for (const sheet of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    const link = target.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet.href;
    target.head.append(link);
  }
  const idle = target.createElement("p");
  idle.dataset.idle = "";
  idle.className = "p-8 text-center";
  idle.textContent = "No study is open in the first window. What is opened there hangs here, too.";
  target.body.append(idle);
}

/** The browser's tools of `document` hear nothing of another window: a drag begun in a viewport there goes on there. */
function passOn(from: Window): void {
  for (const type of ["mousemove", "mouseup"] as const)
    from.document.addEventListener(type, (event) => {
      document.dispatchEvent(new MouseEvent(type, { ...coordinatesOf(event), view: window }));
    });
}

const coordinatesOf = ({
  clientX,
  clientY,
  screenX,
  screenY,
  button,
  buttons,
  ctrlKey,
  shiftKey,
  altKey,
  metaKey,
}: MouseEvent): MouseEventInit => ({
  ...{ clientX, clientY, screenX, screenY, button, buttons, ctrlKey, shiftKey, altKey, metaKey },
  bubbles: true,
  cancelable: true,
});

export function closeSecondWindow(): void {
  const closing = shown;
  tell(undefined);
  closing?.close();
}

/**
 * Opens it. Only a key or a click may: a browser opens no window by itself.
 *
 * @returns false where the browser blocked it
 */
export function openSecondWindow(): boolean {
  if (shown) {
    shown.focus();
    return true;
  }
  const { availWidth, availHeight } = window.screen;
  const opened = window.open("", "_blank", `popup,width=${availWidth},height=${availHeight}`);
  if (!opened || opened.closed) return false;
  dress(opened.document);
  passOn(opened);
  // Closed, or loaded anew: what stood there is gone either way.
  opened.addEventListener("pagehide", () => {
    if (shown === opened) closeSecondWindow();
  });
  tell(opened);
  return true;
}

export const secondWindow = (): Window | undefined => shown;

/** This page's windows beside itself. */
export const otherWindows = (): readonly Window[] => (shown ? [shown] : []);

export function onSecondWindow(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Where this page goes, its second window goes too: nothing stands on a screen that no session is behind.
if (typeof window !== "undefined") window.addEventListener("pagehide", closeSecondWindow);
