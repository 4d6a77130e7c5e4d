"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { errorText } from "#features/shell/error-text.ts";
import { Notice } from "#features/shell/notice.tsx";
import { type ApiError, type Outputs, useTRPC, useTRPCClient } from "#features/shell/trpc.tsx";
import { ChoosePatient, type OutsideChoice } from "./choose-patient.tsx";
import { DropZone } from "./drop-zone.tsx";
import type { FoundFile } from "./files-in.ts";
import { OutsideDiscs } from "./outside-discs.tsx";
import { type FileResult, followOutcomes, type Outside, sendFiles } from "./send-files.ts";
import { UploadResults } from "./upload-results.tsx";

type Props = {
  maySendOwn: boolean;
  organisations: Outputs["organisation"]["list"];
  /** `undefined`: this person imports no discs. */
  discs: Outputs["ingest"]["listOutside"] | undefined;
};

const NO_CHOICE: OutsideChoice = { patient: undefined, sourceName: "" };

function outsideOf({ patient, sourceName }: OutsideChoice): Outside | undefined {
  if (!patient || sourceName.trim().length < 2) return undefined;
  return { patientRecordId: patient.recordId, sourceName: sourceName.trim() };
}

function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && "data" in error;
}

export function Upload({ maySendOwn, organisations, discs }: Props) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [isOutside, setIsOutside] = useState(!maySendOwn);
  const [choice, setChoice] = useState(NO_CHOICE);
  const [results, setResults] = useState<readonly FileResult[]>([]);
  const [uploadId, setUploadId] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const outside = isOutside ? outsideOf(choice) : undefined;

  // Leaving the page stops what has not been sent: the browser asks first.
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isBusy]);

  const onResult = (index: number, result: Partial<FileResult>) =>
    setResults((was) => was.map((one, at) => (at === index ? { ...one, ...result } : one)));

  /** A word about the disc that was just sent changes what stands at its files. */
  async function decided(of: string): Promise<void> {
    if (of === uploadId) await followOutcomes({ client, uploadId, results, onResult });
  }

  async function send(files: FoundFile[]): Promise<void> {
    if (files.length === 0) {
      setFailure("There are no files in what you chose.");
      return;
    }
    setFailure(undefined);
    setIsBusy(true);
    setResults(files.map(({ path }) => ({ path, state: "waiting" })));
    try {
      setUploadId(await sendFiles({ client, files, outside, onResult }));
      if (outside) await queries.invalidateQueries({ queryKey: trpc.ingest.listOutside.queryKey() });
    } catch (error) {
      setFailure(
        isApiError(error)
          ? errorText(error)
          : "Sending stopped. What was accepted stays; add the rest again.",
      );
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <>
      {discs ? <OutsideDiscs first={discs} onDecided={(of) => void decided(of)} /> : null}
      {maySendOwn && discs ? (
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2" disabled={isBusy}>
          <legend className="sr-only">Whose images</legend>
          <label className="flex items-center gap-2">
            <input
              type="radio"
              name="whose"
              className="size-4"
              checked={!isOutside}
              onChange={() => setIsOutside(false)}
            />
            Images that my trust made
          </label>
          <label className="flex items-center gap-2">
            <input
              type="radio"
              name="whose"
              className="size-4"
              checked={isOutside}
              onChange={() => setIsOutside(true)}
            />
            An outside disc, for a patient of ours
          </label>
        </fieldset>
      ) : null}
      {isOutside ? (
        <ChoosePatient choice={choice} onChange={setChoice} organisations={organisations} />
      ) : null}
      <DropZone
        isDisabled={isBusy || (isOutside && !outside)}
        why={
          isOutside && !outside
            ? "Choose the patient and say where the disc comes from; then add its images."
            : undefined
        }
        onFiles={(files) => void send(files)}
      />
      {failure ? (
        <Notice tone="danger" title="Not everything was sent">
          {failure}
        </Notice>
      ) : null}
      {results.length > 0 ? <UploadResults results={results} /> : null}
    </>
  );
}
