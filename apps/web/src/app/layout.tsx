import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { THEME_COOKIE, themeFrom } from "#features/shell/theme.ts";
import { Providers } from "#features/shell/trpc.tsx";

export const metadata: Metadata = {
  title: { default: "Weald", template: "%s · Weald" },
  description: "The imaging record of Surrey and Sussex",
  robots: { index: false },
};
const themeNow = async () => themeFrom((await cookies()).get(THEME_COOKIE)?.value);

/** The browser paints its own empty page in these colours, before any style is there. */
export const generateViewport = async (): Promise<Viewport> => ({
  width: "device-width",
  initialScale: 1,
  colorScheme: await themeNow(),
});

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = await themeNow();
  return (
    <html lang="en-GB" data-theme={theme}>
      <body className="min-h-dvh bg-surface text-ink antialiased">
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
