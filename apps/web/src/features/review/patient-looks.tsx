import { asMoment } from "#features/shell/dates.ts";
import { Page, Panel } from "#features/shell/page.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";

/** What the patient reads of who looked, as the privacy officer may check it. */
export function PatientLooks({ seen }: { seen: Outputs["review"]["looksOfPatient"] }) {
  return (
    <Page
      title="What the patient sees"
      lead="Who looked at their images or took copies, by visit, in every trust. Role and trust, no names. The record itself stays closed to you."
    >
      <Panel>
        {seen.looks.length === 0 ? (
          <p className="px-4 py-10 text-center text-muted">Nobody has looked at their images.</p>
        ) : (
          <ol aria-label="Visits, newest first" className="divide-y divide-line">
            {seen.looks.map((look) => (
              <li key={`${look.at} ${look.who} ${look.trust}`} className="px-4 py-3">
                <p className="font-semibold">{asMoment(look.at)}</p>
                <p>
                  {look.who} at {look.trust} {look.did.join(", ")}
                  {look.why ? ` ${look.why}` : ""}.
                </p>
              </li>
            ))}
          </ol>
        )}
      </Panel>
      {seen.isCut ? <p className="text-sm text-muted">Older visits are not shown here.</p> : null}
    </Page>
  );
}
