import { Badge } from "#features/shell/badge.tsx";

/** One fact of two things. `undefined`: it isn't said. */
export type Fact = {
  name: string;
  left: string | undefined;
  right: string | undefined;
  /** A difference that doesn't matter here: two numbers of two issuers. */
  mayDiffer?: boolean;
};

const HEAD = "px-3 py-2 text-left text-[0.8125rem] font-semibold text-muted";

/** Two things by the same facts; a difference is a word, not only a colour. */
export function SideBySide({
  caption,
  left,
  right,
  facts,
}: {
  caption: string;
  left: string;
  right: string;
  facts: readonly Fact[];
}) {
  return (
    <table className="w-full table-fixed border-collapse">
      <caption className="sr-only">{caption}</caption>
      <thead className="border-b border-line">
        <tr>
          <th scope="col" className={`${HEAD} w-1/5`}>
            <span className="sr-only">Fact</span>
          </th>
          <th scope="col" className={HEAD}>
            {left}
          </th>
          <th scope="col" className={HEAD}>
            {right}
          </th>
        </tr>
      </thead>
      <tbody>
        {facts.map((fact) => {
          const differs = !fact.mayDiffer && fact.left !== fact.right;
          return (
            <tr
              key={fact.name}
              className={`border-b border-line last:border-0 ${differs ? "bg-amber-soft" : ""}`}
              data-differs={differs}
            >
              <th scope="row" className="px-3 py-1.5 text-left align-top font-normal text-muted">
                {fact.name}
              </th>
              <td className="px-3 py-1.5 align-top break-words">{fact.left ?? "not said"}</td>
              <td className="px-3 py-1.5 align-top break-words">
                {fact.right ?? "not said"} {differs ? <Badge tone="amber">Differs</Badge> : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
