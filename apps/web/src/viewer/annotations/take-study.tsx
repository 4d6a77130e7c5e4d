import { useEffect, useRef, useState } from "react";
import type { OpenedStudy } from "../contract.ts";
import type { CellState } from "../layout/cell.tsx";
import { Button } from "./button.tsx";
import type { MarkSource, Taken, ToTake } from "./contract.ts";
import { dicomZip, type ZipProgress } from "./zip/dicom-zip.ts";
import { choosePlace, type Place, TooMuchToHold } from "./zip/save-stream.ts";

const megabytes = (bytes: number) => `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString("en-GB")} MB`;

/** A part of a study must not go for the whole elsewhere. */
const wholenessOf = ({ study }: OpenedStudy, { seriesInstanceUid }: ToTake): string[] =>
  study.series
    .filter((one) => !seriesInstanceUid || one.seriesInstanceUid === seriesInstanceUid)
    .map(
      ({ modality, number, completeness }) =>
        `Series ${[number, modality].filter(Boolean).join(", ")}: ${completeness.text}`,
    );

type Going = { taken: Taken | undefined; done: ZipProgress };

function wordsOf({ taken, done }: Going): string {
  if (!taken) return "Asking for the files …";
  return `${done.files} of ${taken.count} files, ${megabytes(done.bytes)} of about ${megabytes(taken.storedBytes)}. Keep this panel open.`;
}

function checkRoom({ storedBytes }: Taken, { mostBytes }: Place): void {
  if (storedBytes <= mostBytes) return;
  throw new TooMuchToHold(
    `This is ${megabytes(storedBytes)}, and this browser can take out ${megabytes(mostBytes)} at a time. Take one series, or use Edge or Chrome.`,
  );
}

export type TakeStudyProps = { opened: OpenedStudy; source: MarkSource; series: CellState | undefined };

/** The study, or the series in the active place, as a zip of DICOM files. */
export function TakeStudy({ opened, source, series: cell }: TakeStudyProps) {
  const [going, setGoing] = useState<Going>();
  const [said, setSaid] = useState<{ text: string; isError: boolean }>();
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function make(of: ToTake, place: Place, { signal }: AbortController): Promise<Taken> {
    const taken = await source.takeStudy(of);
    checkRoom(taken, place);
    const onProgress = ({ files, bytes }: ZipProgress) => setGoing({ taken, done: { files, bytes } });
    const { isDemonstration } = source;
    await place.keep(
      dicomZip({
        ...{ source, of, taken, signal, isDemonstration, onProgress },
        series: wholenessOf(opened, of),
      }),
      signal,
    );
    return taken;
  }
  async function take(of: ToTake, name: string): Promise<void> {
    setSaid(undefined);
    const controller = new AbortController();
    try {
      const place = await choosePlace(name);
      if (!place) return;
      stop.current = controller;
      setGoing({ taken: undefined, done: { files: 0, bytes: 0 } });
      const { count } = await make(of, place, controller);
      setSaid({ text: `${count} files were taken out; that is on the record.`, isError: false });
    } catch (error) {
      const text = error instanceof Error ? error.message : "The zip could not be made.";
      if (controller.signal.aborted) setSaid({ text: "Stopped: nothing was kept.", isError: false });
      else setSaid({ text: `${text} Nothing was kept.`, isError: true });
    } finally {
      // What was begun for nothing ends.
      controller.abort();
      setGoing(undefined);
    }
  }

  const series = cell?.opened.study.studyId === opened.study.studyId ? cell.series : undefined;
  return (
    <div className="mt-3 border-t border-line pt-3">
      <p className="flex flex-wrap gap-1.5">
        <Button disabled={going !== undefined} onClick={() => void take({}, "study.zip")}>
          Study as DICOM zip
        </Button>
        <Button
          disabled={going !== undefined || !series}
          onClick={() => series && void take({ seriesInstanceUid: series.seriesInstanceUid }, "series.zip")}
        >
          This series as DICOM zip
        </Button>
        {going ? <Button onClick={() => stop.current?.abort()}>Stop</Button> : null}
      </p>
      {going ? (
        <label className="mt-2 block text-sm">
          {wordsOf(going)}
          <progress
            className="mt-1 block w-full"
            aria-label="Taking out"
            value={going.done.bytes}
            max={going.taken?.storedBytes || 1}
          />
        </label>
      ) : null}
      {said ? (
        <p role={said.isError ? "alert" : "status"} className="mt-2 text-sm font-semibold">
          {said.text}
        </p>
      ) : null}
      <p className="mt-2 text-sm">
        The files name the patient. They go where you say, and it is on the record that you took them out.
      </p>
    </div>
  );
}
