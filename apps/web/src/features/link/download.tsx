"use client";
import { useState } from "react";
import { mine, type OpenStudy, wordsOf } from "./mine-client.ts";
import { BigButton, Said } from "./parts.tsx";

type Going =
  | { state: "idle" | "done" }
  | { state: "going"; files: number }
  | { state: "failed"; why: string };

/** The pictures as files to keep or to give to a doctor; written as they are read. */
export function Download({ study, name, trust }: { study: OpenStudy; name: string; trust: string }) {
  const [going, setGoing] = useState<Going>({ state: "idle" });
  async function take(): Promise<void> {
    try {
      // Its code is fetched once somebody takes anything away.
      const [{ choosePlace }, { studyZip }] = await Promise.all([
        import("#viewer/annotations/zip/save-stream.ts"),
        import("./study-zip.ts"),
      ]);
      const place = await choosePlace("images.zip");
      if (!place) return;
      setGoing({ state: "going", files: 0 });
      const onFile = (files: number) => setGoing({ state: "going", files });
      await place.keep(studyZip({ study, name, trust, door: mine, onFile }), new AbortController().signal);
      setGoing({ state: "done" });
    } catch (error) {
      setGoing({ state: "failed", why: wordsOf(error) });
    }
  }
  return (
    <div className="flex flex-col gap-2">
      <BigButton look="plain" disabled={going.state === "going"} onClick={() => void take()}>
        Download for a doctor (DICOM)
      </BigButton>
      <p className="text-muted">
        You get one file, images.zip. Keep it safe: whoever has it can see the images, also after this link
        has ended.
      </p>
      {going.state === "going" ? (
        <p role="status">{going.files} pictures so far. Keep this page open.</p>
      ) : null}
      {going.state === "done" ? <Said tone="good">Downloaded. That you did is on your record.</Said> : null}
      {going.state === "failed" ? <Said tone="wrong">{going.why} Nothing was kept.</Said> : null}
    </div>
  );
}
