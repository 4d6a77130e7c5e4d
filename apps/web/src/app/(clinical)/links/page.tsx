import type { Metadata } from "next";
import { Tasks } from "#features/links/tasks.tsx";
import { Page } from "#features/shell/page.tsx";
import { api } from "#server/caller.ts";

export const metadata: Metadata = { title: "Patients' links" };

export default async function LinkTasksPage() {
  const caller = await api();
  return (
    <Page
      title="Patients' links"
      lead="What waits for you: links that you sent, and what patients asked. A link itself is made on a study's page."
    >
      <Tasks first={await caller.links.listTasks({})} />
    </Page>
  );
}
