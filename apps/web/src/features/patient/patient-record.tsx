import Link from "next/link";
import { BreakGlass } from "#features/access/break-glass.tsx";
import { Badge } from "#features/shell/badge.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Page, Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { ExpectedList } from "#features/timeline/expected.tsx";
import { Timeline } from "#features/timeline/timeline.tsx";

type Opened = Outputs["timeline"]["read"];
type Props = {
  opened: Opened;
  organisations: Outputs["organisation"]["list"];
  mayBreakGlass: boolean;
  mayRefer: boolean;
  /** One's own trust holds something of theirs. */
  isOwn: boolean;
};

const WHY: Record<Opened["withheld"][number]["why"], string> = {
  restricted:
    "are not open to you: the patient, or the rules of your role, keep them to that trust. Ask it by telephone",
  "not-shared": "are withheld: its agreement to share has ended. Ask it by telephone",
};

/** A row without images for what may be said to exist: the incomplete never looks complete. */
function WithheldList({ opened, trustNames }: { opened: Opened; trustNames: ReadonlyMap<string, string> }) {
  if (opened.withheld.length === 0) return null;
  return (
    <ul
      aria-label="Withheld"
      className="flex flex-col gap-1 rounded-md border border-line bg-panel px-4 py-3"
    >
      {opened.withheld.map(({ custodian, studies, why }) => (
        <li key={`${custodian} ${why}`}>
          <Badge tone="amber">Withheld</Badge> {studies === 1 ? "1 study" : `${studies} studies`} at{" "}
          {trustNames.get(custodian) ?? custodian} {WHY[why]}.
        </li>
      ))}
    </ul>
  );
}

const studies = (count: number) => (count === 1 ? "1 study is" : `${count} studies are`);

/** What is not all there: arriving, expected, waiting for a person. It stands before what is. */
function StillToCome({ opened, trustNames }: { opened: Opened; trustNames: ReadonlyMap<string, string> }) {
  const arriving = opened.rows.filter(({ completeness }) => completeness.state === "arriving").length;
  const waiting = opened.quarantined ?? 0;
  if (arriving + waiting + opened.expected.length === 0) return null;
  return (
    <Panel>
      <ExpectedList expected={opened.expected} trustNames={trustNames} />
      {arriving > 0 ? (
        <p className="px-4 py-2">
          <Badge tone="info">Arriving</Badge> {studies(arriving)} still arriving.
        </p>
      ) : null}
      {waiting > 0 ? (
        <p className="px-4 py-2">
          <Badge tone="amber">Quarantined</Badge>{" "}
          <Link href="/quarantine" prefetch={false} className="text-accent underline">
            {waiting === 1 ? "1 item waits" : `${waiting} items wait`} for a person
          </Link>{" "}
          in your trust.
        </p>
      ) : null}
    </Panel>
  );
}

export function PatientRecord({ opened, organisations, mayBreakGlass, mayRefer, isOwn }: Props) {
  const trustNames = new Map(organisations.map(({ odsCode, name }) => [odsCode, name]));
  const [first, ...others] = opened.records;
  return (
    <Page title="Patient record">
      {first ? (
        <Panel className="px-4 py-3">
          <PatientBanner patient={first} now={new Date()} />
          {others.length > 0 ? (
            <ul className="mt-2 flex flex-col gap-1 border-t border-line pt-2 text-sm">
              {others.map((record) => (
                <li key={record.recordId}>
                  {record.custodian
                    ? `Also ${trustNames.get(record.custodian) ?? record.custodian}, number ${record.localNumber}`
                    : "Also at a trust that isn't named"}
                  : {record.family.toUpperCase()}, {record.given}
                </li>
              ))}
            </ul>
          ) : null}
        </Panel>
      ) : null}
      {isOwn ? (
        <p>
          <Link
            href={`/patients/${opened.patientId}/links`}
            prefetch={false}
            className="text-accent underline"
          >
            What is shared with the patient
          </Link>
        </p>
      ) : null}
      <StillToCome opened={opened} trustNames={trustNames} />
      <Timeline opened={opened} trustNames={trustNames} mayRefer={mayRefer} />
      <WithheldList opened={opened} trustNames={trustNames} />
      {/* The same sentence on every record, so that an absence betrays nothing (clinical page §21). */}
      <p className="text-sm text-muted">
        As of {asMoment(new Date().toISOString())}. Records may exist that are withheld, or that a trust has
        not sent.
      </p>
      {mayBreakGlass ? (
        <details>
          <summary className="cursor-pointer text-accent underline">
            Care can't wait, and something may be missing here
          </summary>
          <BreakGlass patientId={opened.patientId} />
        </details>
      ) : null}
    </Page>
  );
}
