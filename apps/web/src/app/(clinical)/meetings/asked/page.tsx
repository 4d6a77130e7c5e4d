import type { Metadata } from "next";
import { Asked } from "#features/mdt/asked.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Asked of you" };

export default async function AskedPage() {
  const asked = await (await api()).mdt.listAsked({}).catch(refusalOf);
  if ("refused" in asked) return <RefusedPage title="Asked of you" refusal={asked} />;
  return (
    <Page
      title="Asked of you"
      lead="What coordinators need for meetings to come. A request ends by itself when what it asks for is there."
    >
      <Asked first={asked} />
    </Page>
  );
}
