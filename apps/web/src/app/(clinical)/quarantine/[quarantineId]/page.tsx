import { TRPCError } from "@trpc/server";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Conflict } from "#features/ingest/conflict.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Page } from "#features/shell/page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Conflict" };

const TITLE = "Two things under one UID";

/** An item from before what to compare was kept: it says what to do. */
const missingOf = (error: unknown) => {
  if (error instanceof TRPCError && error.code === "CONFLICT") return { missing: error.message };
  return refusalOf(error);
};

export default async function ConflictPage({ params }: { params: Promise<{ quarantineId: string }> }) {
  const { quarantineId } = await params;
  const caller = await api();
  const compared = await caller.ingest.compareQuarantined({ quarantineId }).catch(missingOf);
  if ("refused" in compared) {
    if (compared.refused === "not-found") notFound();
    return (
      <Page title={TITLE}>
        <Notice tone="amber" title={compared.title}>
          {compared.text}
        </Notice>
      </Page>
    );
  }
  const back = (
    <Link href="/quarantine" prefetch={false} className="text-accent underline">
      All of the quarantine
    </Link>
  );
  if ("missing" in compared)
    return (
      <Page title={TITLE} lead={back}>
        <Notice tone="amber" title="There is nothing to compare yet">
          {compared.missing}
        </Notice>
      </Page>
    );
  return (
    <Page title={TITLE} lead={back}>
      <Conflict comparison={compared} organisations={await caller.organisation.list({})} />
    </Page>
  );
}
