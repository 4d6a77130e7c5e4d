"use client";
import { useMutation } from "@tanstack/react-query";
import { type MineOutputs, mine, type OpenStudy, wordsOf } from "./mine-client.ts";
import { BigButton, Said } from "./parts.tsx";
import { plainDay } from "./plain-names.ts";

type Version = MineOutputs["readReport"]["versions"][number];

/** Paragraphs as they were written; a line in capitals, or one that ends with a colon, is a heading. */
const isHeading = (line: string) =>
  line.length < 60 && (/^[A-Z0-9 ,/()-]+:?$/.test(line) || /^[^.]+:$/.test(line));

function Written({ version }: { version: Version }) {
  const lines = version.text.split(/\r?\n/).map((line) => line.trim());
  return (
    <div className="flex flex-col gap-2">
      {lines.map((line, at) =>
        line === "" ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text stay where they are
          <p key={at} className={isHeading(line) ? "font-semibold" : ""}>
            {line}
          </p>
        ),
      )}
      <p className="text-muted">
        Written by {version.author || "the hospital"}, {plainDay(version.reportedAt)}
      </p>
    </div>
  );
}

function Versions({ versions }: { versions: readonly Version[] }) {
  const [newest, ...earlier] = versions;
  if (!newest) return <p>The report isn't written yet.</p>;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        A report is written for doctors and has words that they use. Ask about any that worry you.
      </p>
      <Written version={newest} />
      {earlier.length > 0 ? (
        <details>
          <summary className="cursor-pointer font-semibold">What it said before</summary>
          <div className="mt-2 flex flex-col gap-4">
            {earlier.map((version) => (
              <Written key={version.reportedAt} version={version} />
            ))}
          </div>
        </details>
      ) : null}
    </div>
  );
}

/** What the hospital wrote about the images, once somebody asks for it. */
export function Report({ study, name }: { study: OpenStudy; name: string }) {
  const { report, studyId } = study;
  const read = useMutation({ mutationFn: () => mine.readReport.query({ studyId }) });
  if (report.state === "not-with-link") return null;
  return (
    <section aria-label={`Report on ${name}`} className="flex flex-col gap-3">
      <h3 className="text-[1.25rem] font-semibold">Report</h3>
      {report.state !== "written" ? (
        <p>The report isn't written yet. You can see the pictures before anybody has written about them.</p>
      ) : (
        <>
          <p>
            Written on {plainDay(report.writtenAt)}
            {report.changedAt ? `, and changed on ${plainDay(report.changedAt)}` : ""}.
          </p>
          {read.data ? (
            <Versions versions={read.data.versions} />
          ) : (
            <BigButton look="plain" disabled={read.isPending} onClick={() => read.mutate()}>
              {read.isPending ? "Fetching …" : "Read the report"}
            </BigButton>
          )}
          {read.error ? <Said tone="wrong">{wordsOf(read.error)}</Said> : null}
        </>
      )}
    </section>
  );
}
