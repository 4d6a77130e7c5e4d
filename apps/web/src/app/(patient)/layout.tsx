import type { Metadata } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { QuickExit } from "#features/link/quick-exit.tsx";
import { THEME_COOKIE, themeFrom } from "#features/shell/theme.ts";
import { ThemeToggle } from "#features/shell/theme-toggle.tsx";
import { settings } from "#server/settings.ts";

/** Says nothing of whose it is or what it shows: whoever stands beside the telephone reads a title, too. */
export const metadata: Metadata = {
  title: { absolute: "Your link" },
  description: "",
  referrer: "no-referrer",
  robots: { index: false, follow: false },
};

/** What patients see has none of the staff's header, and larger letters. */
export default async function PatientLayout({ children }: { children: ReactNode }) {
  const theme = themeFrom((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <div className="flex min-h-dvh flex-col text-[1.25rem] leading-relaxed">
      <header className="flex items-center justify-between gap-3 bg-bar px-4 py-2 text-on-bar">
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-panel focus:p-3 focus:text-ink"
        >
          Skip to the content
        </a>
        <QuickExit />
        <ThemeToggle initial={theme} />
      </header>
      <main id="content" className="mx-auto flex w-full max-w-2xl grow flex-col gap-5 px-4 py-6">
        {children}
      </main>
      {settings().isDemonstration ? (
        <p className="bg-amber-soft px-4 py-1 text-center text-base text-amber">
          Demonstration: nobody here is real.
        </p>
      ) : null}
    </div>
  );
}
