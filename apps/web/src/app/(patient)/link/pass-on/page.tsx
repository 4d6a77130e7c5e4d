import { Closed } from "#features/link/closed.tsx";
import { PassOn } from "#features/link/pass-on.tsx";
import { minePage } from "#server/mine-page.ts";

export default async function PassOnPage() {
  const { view } = await minePage();
  return "closed" in view ? <Closed why={view.closed} /> : <PassOn first={view} />;
}
