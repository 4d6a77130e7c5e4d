import type { Metadata } from "next";
import { ToPrepare } from "#features/room/to-prepare.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Cases to prepare" };

export default async function PreparePage() {
  const caller = await api();
  const asked = await caller.room.listTold({}).catch(refusalOf);
  if ("refused" in asked) return <RefusedPage title="Cases to prepare" refusal={asked} />;
  const who = await signedIn();
  return (
    <Page
      title="Cases to prepare"
      lead="Cases of published lists that name you, by meeting, the soonest first."
    >
      <ToPrepare reports={who?.actor.activities.includes("report") ?? false} />
    </Page>
  );
}
