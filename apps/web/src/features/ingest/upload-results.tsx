import { Badge, type Tone } from "#features/shell/badge.tsx";
import { Panel } from "#features/shell/page.tsx";
import type { FileResult, FileState } from "./send-files.ts";

const STATES: Record<FileState, { tone: Tone; name: string }> = {
  waiting: { tone: "unknown", name: "Waiting" },
  sending: { tone: "info", name: "Sending" },
  arrived: { tone: "info", name: "Arrived" },
  accepted: { tone: "green", name: "Accepted" },
  duplicate: { tone: "unknown", name: "Already here" },
  alternate: { tone: "info", name: "Kept as an alternate" },
  quarantined: { tone: "amber", name: "Quarantined" },
  skipped: { tone: "unknown", name: "Skipped" },
  failed: { tone: "danger", name: "Not sent" },
};
const ENDED: readonly FileState[] = [
  "accepted",
  "duplicate",
  "alternate",
  "quarantined",
  "skipped",
  "failed",
];
const MOST_ROWS = 500;

export const isEnded = ({ state }: FileResult): boolean => ENDED.includes(state);

/** What needs a person first, then what is under way, then the rest. */
const rank = ({ state }: FileResult): number => {
  if (state === "failed") return 0;
  if (state === "quarantined") return 1;
  return ENDED.includes(state) ? 3 : 2;
};

export function UploadResults({ results }: { results: readonly FileResult[] }) {
  const ended = results.filter(isEnded).length;
  const rows = [...results].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS);
  return (
    <div className="flex flex-col gap-3">
      <label className="flex flex-col gap-1 font-medium">
        <span role="status">
          {ended} of {results.length} files have an outcome
        </span>
        <progress className="h-3 w-full accent-[var(--accent)]" max={results.length} value={ended} />
      </label>
      <Panel>
        <table className="w-full border-collapse">
          <caption className="sr-only">Outcome of each file</caption>
          <thead className="border-b border-line text-left text-[0.8125rem] text-muted">
            <tr>
              <th scope="col" className="px-3 py-2">
                Outcome
              </th>
              <th scope="col" className="px-3 py-2">
                File
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((result) => (
              <tr key={result.path} className="border-b border-line last:border-0">
                <td className="px-3 py-2 align-top whitespace-nowrap">
                  <Badge tone={STATES[result.state].tone}>{STATES[result.state].name}</Badge>
                </td>
                <td className="px-3 py-2 break-all">
                  {result.path}
                  {result.message ? <span className="block text-sm text-muted">{result.message}</span> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {results.length > MOST_ROWS ? (
          <p className="px-3 py-2 text-sm text-muted">
            {results.length - MOST_ROWS} more files are not shown; those that need you come first.
          </p>
        ) : null}
      </Panel>
    </div>
  );
}
