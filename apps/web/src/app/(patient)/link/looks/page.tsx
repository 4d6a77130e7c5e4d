import { Closed } from "#features/link/closed.tsx";
import { Looks } from "#features/link/looks.tsx";
import { closedOf, minePage } from "#server/mine-page.ts";

export default async function LooksPage() {
  const { caller, view } = await minePage();
  if ("closed" in view) return <Closed why={view.closed} />;
  const receipts = await caller.readReceipts({}).catch(closedOf);
  if ("closed" in receipts) return <Closed why={receipts.closed} />;
  return <Looks view={view} receipts={receipts} />;
}
