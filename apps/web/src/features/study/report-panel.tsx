import { asMoment } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { ReportBadge } from "#features/worklist/states.tsx";

type Report = Outputs["reporting"]["read"];
type Version = Report["versions"][number];

const STATUS: Record<Version["status"], string> = {
  preliminary: "Preliminary: it may change",
  final: "Final",
  amended: "Amended",
  addendum: "With addendum",
  cancelled: "Cancelled by its author",
};

function ReportVersion({ version }: { version: Version }) {
  return (
    <article className="border-t border-line pt-3">
      <h3 className="font-semibold">{STATUS[version.status]}</h3>
      <p className="text-sm text-muted">
        {asMoment(version.reportedAt)} · {version.author ?? "author not stated"}
        {version.authorRole ? `, ${version.authorRole}` : ""} · {version.trust || "site withheld"}
      </p>
      <p className="mt-2 whitespace-pre-wrap">{version.text}</p>
    </article>
  );
}

/** The latest version first; "no report received" is another sentence than "not reported" (clinical page §1). */
export function ReportPanel({ report }: { report: Report }) {
  const [latest, ...earlier] = report.versions;
  const { request } = report;
  return (
    <div className="flex flex-col gap-3">
      <h2>Report</h2>
      <ReportBadge state={report.state} />
      {report.isTiedToAnother ? (
        <Notice tone="amber" title="Something under this accession number names another patient">
          A report or request was sent that doesn't agree with these images about whose they are. It isn't
          shown here. Ask the trust's PACS team before you rely on either.
        </Notice>
      ) : null}
      {report.state === "none-received" ? (
        <p>No report was received for this study. The trust may have one that it hasn't sent.</p>
      ) : null}
      {report.state === "not-reported" ? <p>A request stands, and no report has come for it.</p> : null}
      {request ? (
        <section aria-label="Request" className="text-sm">
          <p>
            <strong>{request.procedure || "Procedure withheld"}</strong> · {request.priority}
            {request.accessionNumber ? ` · ${request.accessionNumber}` : ""}
          </p>
          <p className="text-muted">
            {request.referrer ? `Asked by ${request.referrer}. ` : ""}
            {request.question ? `Question: ${request.question}` : "No question was sent."}
          </p>
        </section>
      ) : null}
      {latest ? <ReportVersion version={latest} /> : null}
      {earlier.length > 0 ? (
        <details>
          <summary className="font-semibold">Earlier versions ({earlier.length})</summary>
          {earlier.map((version) => (
            <ReportVersion key={version.version} version={version} />
          ))}
        </details>
      ) : null}
    </div>
  );
}
