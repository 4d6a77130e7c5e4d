import { cookies, headers } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { GlassBanner } from "#features/access/glass-banner.tsx";
import { Notices } from "#features/correction/notices.tsx";
import { SessionGuard } from "#features/identity/session-guard.tsx";
import { DisplayOnly } from "#features/room/display-only.tsx";
import { Header } from "#features/shell/header.tsx";
import { THEME_COOKIE, themeFrom } from "#features/shell/theme.ts";
import { api } from "#server/caller.ts";
import { settings } from "#server/settings.ts";
import { type Standing, sessionOfPage } from "#server/signed-in.ts";

const ROLE_NAMES = {
  radiologist: "Radiologist",
  "reporting-radiographer": "Reporting radiographer",
  clinician: "Clinician",
  radiographer: "Radiographer",
  "mdt-coordinator": "MDT coordinator",
  "pacs-manager": "PACS manager",
  "privacy-officer": "Privacy officer",
  "caldicott-guardian": "Caldicott Guardian",
  "clinical-safety-officer": "Clinical safety officer",
  "outside-reporter": "Outside reporter",
} as const;

/** As the browser has it by tRPC: dates are text. */
const overTheWire = (standing: Standing) => ({
  ...standing,
  provedAt: standing.provedAt.toISOString(),
  endsAt: standing.endsAt.toISOString(),
  lastSeenAt: standing.lastSeenAt.toISOString(),
});

export default async function ClinicalLayout({ children }: { children: ReactNode }) {
  const found = await sessionOfPage();
  const from = encodeURIComponent((await headers()).get("x-weald-path") ?? "/worklist");
  if (!found) redirect(`/sign-in?from=${from}`);
  const { signedIn: who, standing } = found;
  if (standing.state === "ended") redirect(`/sign-in?ended=${standing.why ?? "elsewhere"}&from=${from}`);
  const guard = { standing: overTheWire(standing), name: who.name, organisation: who.organisationName };
  if (standing.state === "locked") return <SessionGuard {...guard} isEmpty />;
  if (standing.displayOf) {
    const isItsOwn = (await headers()).get("x-weald-path") === `/meetings/${standing.displayOf}/display`;
    return (
      <div className="flex min-h-dvh flex-col">
        <SessionGuard {...guard} />
        <main id="content" className="flex grow flex-col">
          {isItsOwn ? children : <DisplayOnly meetingId={standing.displayOf} />}
        </main>
      </div>
    );
  }
  const theme = themeFrom((await cookies()).get(THEME_COOKIE)?.value);
  const caller = await api();
  const [notices, glass, organisations] = await Promise.all([
    caller.correction.listNotices({}),
    caller.access.listOwnGlass({}),
    caller.organisation.list({}),
  ]);
  return (
    <div className="flex min-h-dvh flex-col">
      <div data-shell>
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-panel focus:p-3 focus:text-ink"
        >
          Skip to the content
        </a>
        {settings().isDemonstration ? (
          <p className="bg-amber-soft px-4 py-0.5 text-center text-sm font-semibold text-amber">
            DEMONSTRATION: patients and staff are invented
          </p>
        ) : null}
        <Header
          name={who.name}
          role={ROLE_NAMES[who.actor.role]}
          organisation={who.organisationName}
          activities={who.actor.activities}
          theme={theme}
        />
        <GlassBanner first={glass} />
        <Notices first={notices} organisations={organisations} />
      </div>
      <SessionGuard {...guard} />
      <main id="content" className="flex grow flex-col">
        {children}
      </main>
      <footer data-shell className="border-t border-line px-6 py-3 text-sm text-muted">
        Weald is for review, not for primary diagnosis: it is not a certified medical device. What you look at
        is on record.{" "}
        <Link href="/display-test" prefetch={false} className="underline underline-offset-2">
          Test this display
        </Link>
      </footer>
    </div>
  );
}
