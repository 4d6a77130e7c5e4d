import { TRPCError } from "@trpc/server";
import type { Metadata } from "next";
import { Operations } from "#features/operations/operations.tsx";
import { Page } from "#features/shell/page.tsx";
import { RefusedPage } from "#features/shell/refused-page.tsx";
import { api } from "#server/caller.ts";
import { refusalOf } from "#server/refusal.ts";

export const metadata: Metadata = { title: "Operations" };

const REFUSALS: readonly string[] = ["UNAUTHORIZED", "FORBIDDEN"];

/** A source that fails is told of in its own place, like any other. */
const orNothing = (error: unknown) =>
  error instanceof TRPCError && REFUSALS.includes(error.code) ? refusalOf(error) : undefined;

export default async function OperationsPage() {
  const caller = await api();
  const first = await caller.operations.readArrivals({}).catch(orNothing);
  if (first && "refused" in first) return <RefusedPage title="Operations" refusal={first} />;
  return (
    <Page
      title="Operations"
      lead="How your trust's images come in, where they wait, and what needs a person. The figures are read again each minute."
    >
      <Operations first={first} />
    </Page>
  );
}
