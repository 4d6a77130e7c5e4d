import type { Metadata } from "next";
import Link from "next/link";
import { Events } from "#features/review/events.tsx";
import { SealState } from "#features/review/seal-state.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Who looked" };

export default async function AuditPage() {
  const caller = await api();
  const seals = await caller.review.readSeals({}).catch(refusalOf);
  if ("refused" in seals) return <RefusedPage title="Who looked" refusal={seals} />;
  const organisations = await caller.organisation.list({});
  return (
    <Page
      title="Who looked"
      lead="What happened to what your trust holds, and what your trust's staff did. That you ask is on record too."
    >
      <SealState seals={seals} />
      <p>
        <Link href="/audit/unusual" prefetch={false} className="font-semibold underline underline-offset-2">
          Unusual access
        </Link>{" "}
        waits for your judgement.
      </p>
      <Events organisations={organisations} />
    </Page>
  );
}
