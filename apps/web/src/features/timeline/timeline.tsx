"use client";
import { useSearchParams } from "next/navigation";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { type Chosen, choicesOf, chosenIn, type Row, searchOf, shownOf, yearsOf } from "./shown-rows.ts";
import { TimelineFilters } from "./timeline-filters.tsx";
import { type Shared, TimelineRow } from "./timeline-row.tsx";
import { usePictures } from "./use-pictures.ts";

type Opened = Outputs["timeline"]["read"];
type Props = { opened: Opened; trustNames: ReadonlyMap<string, string>; mayRefer: boolean };

/** The address says where one is: Back from a study brings the same rows and the same place. */
const writeAddress = (chosen: Chosen, hash: string) =>
  window.history.replaceState(
    window.history.state,
    "",
    `${window.location.pathname}${searchOf(chosen)}${hash}`,
  );

/** What is chosen, and in the address: a navigation that ends late would take it out again. */
function useChosen() {
  const stands = chosenIn(new URLSearchParams(useSearchParams()));
  const [chosen, setChosen] = useState(stands);
  const [wanted, found] = [searchOf(chosen), searchOf(stands)];
  useEffect(() => {
    if (wanted !== found) writeAddress(chosen, window.location.hash);
  }, [chosen, wanted, found]);
  function choose(next: Chosen): void {
    setChosen(next);
    writeAddress(next, "");
  }
  return { chosen, choose };
}

const linksIn = (list: HTMLElement | null): HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? []),
];

/** Up and down go from study to study; Enter opens, as on any link. */
function useRowKeys() {
  const list = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = linksIn(list.current);
    const row = (event.target as HTMLElement).closest("li");
    const at = links.findIndex((link) => row?.contains(link));
    const next = links[at < 0 ? 0 : at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.closest("li")?.scrollIntoView({ block: "nearest" });
  }
  useEffect(() => {
    const place = window.location.hash.slice(1);
    const row = place.startsWith("study-") ? document.getElementById(place) : null;
    row?.querySelector<HTMLElement>("[data-row]")?.focus();
  }, []);
  return { list, onKeyDown };
}

function Years({ rows, shared }: { rows: readonly Row[]; shared: Shared }) {
  return yearsOf(rows).map(({ year, rows: ofYear }) => (
    <section key={`${year} ${ofYear[0]?.studyId}`} aria-label={year}>
      <h2 className="sticky top-0 z-10 border-b border-line bg-raised px-4 py-1.5 text-base">{year}</h2>
      <ul>
        {ofYear.map((row) => (
          <TimelineRow key={row.studyId} row={row} shared={shared} />
        ))}
      </ul>
    </section>
  ));
}

/** All studies of a patient, by year. */
export function Timeline({ opened, trustNames, mayRefer }: Props) {
  const { chosen, choose } = useChosen();
  const [comparing, onCompare] = useState<Row>();
  const { pictures, want } = usePictures(opened.patientId);
  const { list, onKeyDown } = useRowKeys();
  const shown = shownOf(opened.rows, chosen);
  const { isSensitive } = opened;
  const shared = { trustNames, pictures, want, isSensitive, mayRefer, comparing, onCompare };
  if (opened.rows.length === 0)
    return (
      <Panel>
        <p className="px-4 py-10 text-center text-muted">No studies that you may see.</p>
      </Panel>
    );
  return (
    <>
      <TimelineFilters choices={choicesOf(opened.rows)} chosen={chosen} onChoose={choose} />
      {opened.isCut ? (
        <Notice tone="amber" title={`Only the newest ${opened.rows.length} studies are shown`}>
          Older ones are held and don't stand here.
        </Notice>
      ) : null}
      {comparing ? (
        <p role="status" className="flex flex-wrap items-center gap-3">
          Choose what to see beside {comparing.description ?? comparing.modalities.join(", ")} of{" "}
          {asDate(comparing.studyDate)}.<Button onClick={() => onCompare(undefined)}>Don't compare</Button>
        </p>
      ) : null}
      <Panel>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows only move the focus between the links within */}
        <div
          ref={list}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            const row = event.target.closest("li");
            if (row) writeAddress(chosen, `#${row.id}`);
          }}
        >
          <Years rows={shown} shared={shared} />
        </div>
        {shown.length === 0 ? (
          <p className="px-4 py-10 text-center text-muted">
            Nothing matches. <Button onClick={() => choose({ modality: "", region: "" })}>Show all</Button>
          </p>
        ) : null}
      </Panel>
      <p role="status" className="text-sm text-muted">
        {shown.length} of {opened.rows.length} {opened.rows.length === 1 ? "study" : "studies"} shown
      </p>
    </>
  );
}
