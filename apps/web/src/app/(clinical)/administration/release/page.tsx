import type { Metadata } from "next";
import { ReleaseRules } from "#features/links/release-rules.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { api } from "#server/caller.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Release to patients" };

export default async function ReleasePage() {
  const [caller, who] = await Promise.all([api(), signedIn()]);
  const activities = who?.actor.activities ?? [];
  if (!activities.includes("administer") && !activities.includes("manage-archive"))
    return (
      <Page title="Release to patients">
        <Notice tone="amber" title="Your role doesn't include this">
          PACS managers and administrators of a trust state its rules.
        </Notice>
      </Page>
    );
  return (
    <Page title="Release to patients" lead={`For ${who?.organisationName ?? "your trust"}`}>
      <ReleaseRules first={await caller.links.listRules({})} />
    </Page>
  );
}
