import { Badge } from "#features/shell/badge.tsx";
import { asDate } from "#features/shell/dates.ts";
import type { Outputs } from "#features/shell/trpc.tsx";

type Expected = Outputs["timeline"]["read"]["expected"][number];

const SIDE: Record<string, string> = { L: ", left", R: ", right", B: ", both sides" };

/** "CT chest booked 3 December at Royal Surrey". */
function sentenceOf({ procedure, state, laterality, scheduledAt, requestedAt }: Expected, trust: string) {
  const what = `${procedure || "An examination"}${SIDE[laterality ?? ""] ?? ""}`;
  if (state === "arrived") return `${what}: the patient has arrived at ${trust}, images are to come.`;
  if (state === "booked" && scheduledAt) return `${what} booked ${asDate(scheduledAt)} at ${trust}.`;
  if (state === "booked") return `${what} booked at ${trust}, no date was sent.`;
  return `${what} asked for${requestedAt ? ` ${asDate(requestedAt)}` : ""} at ${trust}, not booked as far as Weald knows.`;
}

/** What was asked for and has not come. */
export function ExpectedList({
  expected,
  trustNames,
}: {
  expected: readonly Expected[];
  trustNames: ReadonlyMap<string, string>;
}) {
  if (expected.length === 0) return null;
  return (
    <ul aria-label="Expected" className="flex flex-col gap-1 px-4 py-3">
      {expected.map((one) => (
        <li key={one.requestId}>
          <Badge tone="info">Expected</Badge>{" "}
          {sentenceOf(one, trustNames.get(one.custodian) ?? one.custodian)}
        </li>
      ))}
    </ul>
  );
}
