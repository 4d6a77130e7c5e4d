import { Badge } from "#features/shell/badge.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

export type News = Outputs["worklist"]["listNews"][number]["news"][number];

const WHAT: Record<News, string> = {
  images: "images",
  report: "report",
  marks: "marks",
  correction: "a correction",
};

const LIST = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** What came to a study since this person last opened it. */
export function NewsBadge({ news }: { news: readonly News[] }) {
  if (news.length === 0) return null;
  return <Badge tone="info">New since you looked: {LIST.format(news.map((one) => WHAT[one]))}</Badge>;
}
