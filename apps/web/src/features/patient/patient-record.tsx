import { asMoment } from "#features/shell/dates.ts";
import { Page, Panel } from "#features/shell/page.tsx";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { StudyTable } from "#features/worklist/study-table.tsx";

type Props = { opened: Outputs["worklist"]["openPatient"]; organisations: Outputs["organisation"]["list"] };

export function PatientRecord({ opened, organisations }: Props) {
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
                  Also {trustNames.get(record.custodian) ?? record.custodian}, number {record.localNumber}:{" "}
                  {record.family.toUpperCase()}, {record.given}
                </li>
              ))}
            </ul>
          ) : null}
        </Panel>
      ) : null}
      <Panel>
        {opened.rows.length === 0 ? (
          <p className="px-4 py-10 text-center text-muted">No studies that you may see.</p>
        ) : (
          <StudyTable
            rows={opened.rows}
            trustNames={trustNames}
            caption="Studies of this patient, newest first"
          />
        )}
      </Panel>
      {/* The same sentence on every record, so that an absence betrays nothing (clinical page §21). */}
      <p className="text-sm text-muted">
        As of {asMoment(new Date().toISOString())}. Records may exist that are withheld, or that a trust has
        not sent.
      </p>
    </Page>
  );
}
