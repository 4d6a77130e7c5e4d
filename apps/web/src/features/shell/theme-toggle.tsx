"use client";
import { Moon, Sun } from "lucide-react";
import { useState } from "react";
import { THEME_COOKIE, type Theme } from "./theme.ts";
import { useHydrated } from "./use-hydrated.ts";

const YEAR_SECONDS = 365 * 24 * 3600;

export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const isHydrated = useHydrated();
  const other: Theme = theme === "dark" ? "light" : "dark";

  function change() {
    document.documentElement.dataset.theme = other;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
    document.cookie = `${THEME_COOKIE}=${other}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    setTheme(other);
  }

  return (
    <button
      type="button"
      disabled={!isHydrated}
      onClick={change}
      className="inline-flex size-9 items-center justify-center rounded hover:bg-white/10 disabled:opacity-55"
      aria-label={other === "dark" ? "Use the dark reading-room theme" : "Use the light theme"}
      title={other === "dark" ? "Dark (reading room)" : "Light"}
    >
      {other === "dark" ? <Moon aria-hidden size={18} /> : <Sun aria-hidden size={18} />}
    </button>
  );
}
