import type { Metadata } from "next";
import { Figures } from "#features/mdt/figures.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Imaging and reports at the meeting" };
const TITLE = "Imaging and reports at the meeting";
const SPAN_MS = 92 * 86_400_000;

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

export default async function FiguresPage() {
  const now = Date.now();
  const asked = { from: dayOf(now - SPAN_MS), to: dayOf(now) };
  const figures = await (await api()).mdt.readFigures(asked).catch(refusalOf);
  if ("refused" in figures) return <RefusedPage title={TITLE} refusal={figures} />;
  return (
    <Page
      title={TITLE}
      lead="The last three months, as it was when each list closed and when each meeting began."
    >
      <Figures figures={figures} />
    </Page>
  );
}
