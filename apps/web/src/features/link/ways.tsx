"use client";
import { useState } from "react";
import type { MineView } from "./mine-client.ts";
import { BigButton, bigClass } from "./parts.tsx";
import { closeView } from "./quick-exit.tsx";

type At = "images" | "looks" | "pass-on";
const PLACES = [
  { at: "images", href: "/link/images", name: "Back to the images" },
  { at: "looks", href: "/link/looks", name: "Who has looked" },
  { at: "pass-on", href: "/link/pass-on", name: "Pass on to a doctor or nurse" },
] as const;

/** Where one can go from here, and the way out. */
export function Ways({ view, at }: { view: Pick<MineView, "recipient">; at: At }) {
  const [isLeaving, setIsLeaving] = useState(false);
  const places = PLACES.filter(
    (one) => one.at !== at && (view.recipient !== "passed-on" || one.at === "images"),
  );
  return (
    <nav aria-label="More" className="flex flex-col gap-3">
      {places.map(({ href, name }) => (
        // Each is asked of the server anew: whether the link still stands.
        <a key={href} href={href} className={bigClass("plain")}>
          {name}
        </a>
      ))}
      <BigButton
        look="plain"
        disabled={isLeaving}
        onClick={() => {
          setIsLeaving(true);
          void closeView();
        }}
      >
        I have finished
      </BigButton>
    </nav>
  );
}
