import { asDate } from "#features/shell/dates.ts";

type Props = { impression: string; author?: string | undefined; reportedAt: string };

/** What a report comes to, in its own words, whose they are, and of when. */
export const ImpressionWords = ({ impression, author, reportedAt }: Props) => (
  <>
    {impression || "The report has no words."}{" "}
    <span className="text-muted">
      ({author ?? "author not stated"}, {asDate(reportedAt)})
    </span>
  </>
);
