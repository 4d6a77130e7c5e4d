"use client";
import { useState } from "react";
import { NotWhole } from "./files-of.ts";
import { TooLarge, within } from "./keep-within.ts";
import { mine, type OpenStudy, wordsOf } from "./mine-client.ts";
import { BigButton, Said } from "./parts.tsx";
import type { ZipAsked } from "./study-zip.ts";

type Kind = "pictures" | "files";
type Going =
  | { state: "idle" | "done" }
  | { state: "going"; files: number }
  | { state: "failed"; why: string };
type Props = { study: OpenStudy; name: string; trust: string; onRefused(): void };

/** Its code is fetched once somebody takes anything away. */
async function zipOf(kind: Kind, asked: ZipAsked, onRefused: () => void) {
  if (kind === "files") return (await import("./study-zip.ts")).studyZip(asked);
  const [{ pictureZip }, { picturesOf }] = await Promise.all([
    import("./picture-zip.ts"),
    import("#viewer/patient/pictures-of.ts"),
  ]);
  return pictureZip({ ...asked, draw: picturesOf, onRefused });
}

const whyOf = (error: unknown): string =>
  error instanceof NotWhole || error instanceof TooLarge ? error.message : wordsOf(error);

/** Pictures to keep, or files to give to a doctor; written as they are read. */
export function Download({ study, name, trust, onRefused }: Props) {
  const [going, setGoing] = useState<Going>({ state: "idle" });
  async function take(kind: Kind): Promise<void> {
    try {
      const { choosePlace } = await import("#viewer/annotations/zip/save-stream.ts");
      const place = await choosePlace(kind === "files" ? "images-for-a-doctor.zip" : "images.zip");
      if (!place) return;
      const onFile = (files: number) => setGoing({ state: "going", files });
      onFile(0);
      const zip = await zipOf(kind, { study, name, trust, door: mine, onFile }, onRefused);
      await place.keep(within(zip, place.mostBytes), new AbortController().signal);
      setGoing({ state: "done" });
    } catch (error) {
      setGoing({ state: "failed", why: whyOf(error) });
    }
  }
  const isGoing = going.state === "going";
  return (
    <section aria-label={`Keep a copy of ${name}`} className="flex flex-col gap-3">
      <h3 className="text-[1.25rem] font-semibold">Keep a copy</h3>
      <BigButton look="plain" disabled={isGoing} onClick={() => void take("pictures")}>
        Download the pictures (JPEG)
      </BigButton>
      <BigButton look="plain" disabled={isGoing} onClick={() => void take("files")}>
        Download for a doctor (DICOM)
      </BigButton>
      <p className="text-muted">
        You get one zip file. Open “index.html” in it first. Keep it safe: whoever has it can see the images,
        also after this link has ended.
      </p>
      {isGoing ? <p role="status">{going.files} pictures so far. Keep this page open.</p> : null}
      {going.state === "done" ? <Said tone="good">Downloaded. That you did is on your record.</Said> : null}
      {going.state === "failed" ? <Said tone="wrong">{going.why} Nothing was kept.</Said> : null}
    </section>
  );
}
