import { Panel } from "#features/shell/page.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type Counts = Outputs["review"]["countEvents"]["counts"];

const OUTCOMES = ["success", "denied", "failure"] as const;

/** One line for each thing that was done: how often it went well, was refused, failed. */
export function EventCounts({ counts }: { counts: Counts }) {
  const actions = [...new Set(counts.map(({ action }) => action))];
  const count = (action: string, outcome: string) =>
    counts.find((one) => one.action === action && one.outcome === outcome)?.events ?? 0;
  if (actions.length === 0)
    return (
      <Panel>
        <p className="px-4 py-10 text-center text-muted">Nothing was done yet.</p>
      </Panel>
    );
  return (
    <Panel className="overflow-x-auto">
      <table className="w-full text-left">
        <caption className="sr-only">What was done in seven days, and what came of it</caption>
        <thead>
          <tr className="border-b border-line">
            {["What", "Done", "Refused", "Failed"].map((head) => (
              <th key={head} scope="col" className="px-4 py-2">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => (
            <tr key={action} className="border-b border-line">
              <th scope="row" className="px-4 py-1 font-mono font-normal">
                {action}
              </th>
              {OUTCOMES.map((outcome) => (
                <td key={outcome} className="px-4 py-1 tabular-nums">
                  {count(action, outcome)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
