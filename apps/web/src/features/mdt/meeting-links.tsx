import Link from "next/link";

const LINK = "rounded border border-field bg-panel px-3 py-1.5 font-semibold hover:bg-raised";

/** The pages beside the board. */
export const MeetingLinks = ({ mayList }: { mayList: boolean }) => (
  <nav aria-label="Meetings" className="flex flex-wrap gap-2">
    <Link href="/meetings/asked" prefetch={false} className={LINK}>
      Asked of you
    </Link>
    {mayList ? (
      <>
        <Link href="/meetings/series" prefetch={false} className={LINK}>
          Series and members
        </Link>
        <Link href="/meetings/figures" prefetch={false} className={LINK}>
          Figures for audit
        </Link>
      </>
    ) : null}
  </nav>
);
