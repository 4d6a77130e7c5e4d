import { Badge } from "#features/shell/badge.tsx";
import { Panel } from "#features/shell/page.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type Difference = Outputs["ingest"]["compareQuarantined"]["differences"][number];

const HEAD = "px-3 py-2 text-left text-[0.8125rem] font-semibold text-muted";
const CELL = "px-3 py-1.5 align-top break-words";

/** Every attribute in which the two headers differ, by its keyword, those that matter first. */
export function Differences({ differences }: { differences: readonly Difference[] }) {
  return (
    <section aria-labelledby="differing-attributes" className="flex flex-col gap-2">
      <h2 id="differing-attributes">Attributes that differ ({differences.length})</h2>
      {differences.length === 0 ? (
        <p className="text-muted">The headers say the same in all that was compared.</p>
      ) : (
        <Panel>
          <table className="w-full table-fixed border-collapse">
            <caption className="sr-only">Attributes that differ, with both values</caption>
            <thead className="border-b border-line">
              <tr>
                <th scope="col" className={HEAD}>
                  Attribute
                </th>
                <th scope="col" className={HEAD}>
                  Is here
                </th>
                <th scope="col" className={HEAD}>
                  Came
                </th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ tag, keyword, here, came, isGrave }) => (
                <tr key={tag} className="border-b border-line last:border-0">
                  <th scope="row" className={`${CELL} text-left font-normal`}>
                    {keyword} {isGrave ? <Badge tone="amber">Matters</Badge> : null}
                  </th>
                  <td className={CELL}>{here ?? <span className="text-muted">absent</span>}</td>
                  <td className={CELL}>{came ?? <span className="text-muted">absent</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </section>
  );
}
