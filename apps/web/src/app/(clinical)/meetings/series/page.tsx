import type { Metadata } from "next";
import { SeriesList } from "#features/mdt/series-list.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Series of meetings" };

export default async function SeriesPage() {
  const caller = await api();
  const series = await caller.mdt.listSeries({}).catch(refusalOf);
  if ("refused" in series) return <RefusedPage title="Series of meetings" refusal={series} />;
  return (
    <Page
      title="Series of meetings"
      lead="When a meeting is held, who belongs to it, and what each of its cases needs."
    >
      <SeriesList first={series} organisations={await caller.organisation.list({})} />
    </Page>
  );
}
