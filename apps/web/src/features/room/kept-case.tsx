import { asDate, asMoment } from "#features/shell/dates.ts";
import { PatientBanner } from "#features/shell/patient-banner.tsx";
import { BlobPicture } from "#viewer/ui/blob-picture.tsx";
import { About } from "./about-case.tsx";
import { shownAt } from "./shown-at.ts";
import type { Kept } from "./use-kept.ts";

/** The picture is small and was drawn before: it says so on itself (clinical page §12). */
function Picture({ kept: { shown, picture } }: { kept: Kept }) {
  const study = shown.studies.find(({ studyId }) => studyId === shownAt(shown, undefined)?.studyId);
  if (!study || !picture) return <p className="p-6 text-white">No picture of this case was kept.</p>;
  const sides = study.side.images.map((side) => (side === "L" ? "LEFT" : "RIGHT")).join(" and ");
  return (
    <figure className="flex h-full flex-col items-center gap-2 p-4 text-white">
      <p className="bg-amber-soft px-3 py-1 font-bold text-amber">
        REDUCED PICTURE, NOT FULL DETAIL: not for reading
      </p>
      <BlobPicture src={picture} alt={`${study.name}, reduced`} className="min-h-0 grow object-contain" />
      <figcaption>
        {study.name}, {asDate(study.date)}, {study.trust}. {sides || "The images don't say their side."}
      </figcaption>
    </figure>
  );
}

function Reports({ kept: { shown, reports } }: { kept: Kept }) {
  if (reports.length === 0) return <p>No report was kept.</p>;
  return reports.map(({ studyId, status, text, author, reportedAt }) => {
    const study = shown.studies.find((one) => one.studyId === studyId);
    return (
      <article key={studyId}>
        <h3>
          {study ? `${study.name}, ${asDate(study.date)}, ${study.trust}` : "A study"} ({status})
        </h3>
        <p className="whitespace-pre-wrap">{text}</p>
        <p className="text-sm text-muted">
          {author ?? "author not stated"}, {asMoment(reportedAt)}
        </p>
      </article>
    );
  });
}

/** A case while the network is lost: as it was kept, and when. */
export function KeptCase({ kept }: { kept: Kept }) {
  const { shown, keptAt } = kept;
  return (
    <div className="flex min-h-0 grow flex-col" data-testid="kept-case" data-case={shown.caseId}>
      <div className="bg-bar px-4 py-1 text-on-bar">
        {shown.patient ? <PatientBanner patient={shown.patient} now={new Date()} /> : null}
      </div>
      <About shown={shown} />
      <div className="grid min-h-0 grow lg:grid-cols-[1fr_28rem]">
        <div className="min-h-80 bg-black">
          <Picture kept={kept} />
        </div>
        <aside
          aria-label="As it was kept"
          className="flex flex-col gap-3 overflow-y-auto border-l border-line bg-panel p-3"
        >
          <p className="text-sm text-muted">As it was kept at {asMoment(keptAt)}.</p>
          {shown.preparations.map(({ by, review }) => (
            <div key={by}>
              <h3>Review, {by}</h3>
              <p className="whitespace-pre-wrap">{review}</p>
            </div>
          ))}
          <h2>Reports</h2>
          <Reports kept={kept} />
        </aside>
      </div>
    </div>
  );
}
