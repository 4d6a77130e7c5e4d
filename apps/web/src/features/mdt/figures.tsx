import { Panel } from "#features/shell/page.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

type All = Outputs["mdt"]["readFigures"];
type AtMoment = All[number]["figures"]["start"];
type Share = AtMoment["images"];

const shareText = ({ of, there, unknown }: Share) =>
  of === 0
    ? "none"
    : `${there} of ${of} (${Math.round((100 * there) / of)} %)${unknown ? `, ${unknown} not known` : ""}`;

const Row = ({ name, moment, at }: { name: string; moment: string; at: AtMoment }) => (
  <tr className="border-t border-line">
    <th scope="row" className="px-3 py-2 text-left">
      {name}
    </th>
    {[
      moment,
      String(at.cases),
      shareText(at.images),
      shareText(at.report),
      shareText(at.priors),
      `${at.ready} of ${at.cases}`,
    ].map((text, index) => (
      // The cells of a row never change places.
      // biome-ignore lint/suspicious/noArrayIndexKey: fixed columns
      <td key={index} className="px-3 py-2">
        {text}
      </td>
    ))}
  </tr>
);

/** Of each series: what was available when its lists closed, and when its meetings began. */
export const Figures = ({ figures }: { figures: All }) =>
  figures.length === 0 ? (
    <p className="rounded border border-line bg-panel px-4 py-10 text-center text-muted">
      You have no series of meetings.
    </p>
  ) : (
    <Panel className="overflow-x-auto">
      <table className="w-full">
        <caption className="sr-only">Imaging and reports available</caption>
        <thead>
          <tr className="text-left text-sm text-muted">
            {[
              "Series",
              "When",
              "Cases",
              "Images available",
              "Report available",
              "Priors matched",
              "Ready in all",
            ].map((name) => (
              <th key={name} scope="col" className="px-3 py-2">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.flatMap(({ seriesId, name, figures: { cutOff, start } }) => [
            <Row key={`${seriesId}-closed`} name={name} moment="list closed" at={cutOff} />,
            <Row key={`${seriesId}-began`} name={name} moment="meeting began" at={start} />,
          ])}
        </tbody>
      </table>
    </Panel>
  );
