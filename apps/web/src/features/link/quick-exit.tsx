"use client";
import { useEffect } from "react";
import { mine } from "./mine-client.ts";

/** Where nobody wonders about. It takes this page's place: going back doesn't lead here. */
const NEUTRAL = "https://www.bbc.co.uk/weather";
const TIMES = 3;
const WITHIN_MS = 2000;

/** The page is gone at once; that the session ends is asked for on the way out. */
function leave(): void {
  document.documentElement.dataset.covered = "";
  document.title = "Weather";
  const asked = {
    method: "POST",
    keepalive: true,
    headers: { "content-type": "application/json" },
    body: "{}",
  };
  void fetch("/api/mine/close", asked).catch(() => undefined);
  void fetch("/api/mine/forget", asked).catch(() => undefined);
  window.location.replace(NEUTRAL);
}

/** Shift three times, as GOV.UK's pages have it, or the button. */
export function QuickExit() {
  useEffect(() => {
    const pressed: number[] = [];
    function onKey(event: KeyboardEvent): void {
      if (event.key !== "Shift" || event.repeat) {
        if (event.key !== "Shift") pressed.length = 0;
        return;
      }
      pressed.push(event.timeStamp);
      const first = pressed.at(-TIMES);
      if (first !== undefined && event.timeStamp - first < WITHIN_MS) leave();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  // A link: it leads away also before the page's code runs.
  return (
    <a
      href={NEUTRAL}
      onClick={(event) => {
        event.preventDefault();
        leave();
      }}
      title="Leaves this page at once. The Shift key three times does the same."
      className="inline-flex min-h-11 items-center rounded border-2 border-current px-3 font-semibold"
    >
      Leave now
    </a>
  );
}

/** Done looking: the session ends, and so does the view. */
export async function closeView(): Promise<void> {
  await mine.close.mutate({}).catch(() => undefined);
  window.location.replace("/link");
}
