"use client";
import { useState } from "react";
import { useHydrated } from "#features/shell/use-hydrated.ts";
import { mostTaken } from "#viewer/annotations/zip/picker.ts";
import { filePieces, NotWhole, picturePieces } from "./files-of.ts";
import { TooLarge, within } from "./keep-within.ts";
import { mine, type OpenStudy, wordsOf } from "./mine-client.ts";
import { BigButton, Said } from "./parts.tsx";
import { bytesOf, type Part, type Piece, partsOf, plainSize } from "./parts-of.ts";
import type { ZipAsked } from "./study-zip.ts";
import { takeAlone } from "./take-alone.ts";

type Kind = "pictures" | "files";
type Going =
  | { state: "idle" | "listing" | "done" }
  | { state: "going"; files: number }
  | { state: "failed"; why: string };
/** What was too much for one zip: its parts, and which of them were taken. */
type InParts = { kind: Kind; parts: readonly Part<Piece>[]; taken: ReadonlySet<number> };
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

const piecesOf = { files: filePieces, pictures: picturePieces };
const NAMES = { files: "images-for-a-doctor", pictures: "images" };
const nameOf = (kind: Kind, { at, count }: Pick<Part<Piece>, "at" | "count">): string =>
  `${NAMES[kind]}${count > 1 ? `-part-${at}-of-${count}` : ""}.zip`;
const ONLY = { at: 1, count: 1 };

const whyOf = (error: unknown): string =>
  error instanceof NotWhole || error instanceof TooLarge ? error.message : wordsOf(error);

/** How much it is, before anybody presses, and what that means in this browser. */
function Size({ study }: { study: OpenStudy }) {
  const bytes = bytesOf(study);
  const isHydrated = useHydrated();
  const isMore = isHydrated && bytes > mostTaken();
  return (
    <p className="text-muted" data-testid="download-size">
      For a doctor it is {plainSize(bytes)}.{" "}
      {isMore
        ? "That is more than this browser can save at once: you get it as several zip files, one press for each. Chrome or Edge on a computer save it in one."
        : "You get one zip file."}
    </p>
  );
}

/** Pictures to keep, or files to give to a doctor; written as they are read. */
export function Download({ study, name, trust, onRefused }: Props) {
  const [going, setGoing] = useState<Going>({ state: "idle" });
  const [inParts, setInParts] = useState<InParts>();

  async function begin(work: () => Promise<Going>): Promise<void> {
    try {
      setGoing(await work());
    } catch (error) {
      setGoing({ state: "failed", why: whyOf(error) });
    }
  }
  async function placeFor(kind: Kind, part: Pick<Part<Piece>, "at" | "count">) {
    const { choosePlace } = await import("#viewer/annotations/zip/save-stream.ts");
    return choosePlace(nameOf(kind, part));
  }
  type Place = NonNullable<Awaited<ReturnType<typeof placeFor>>>;
  async function keep(kind: Kind, part: Part<Piece>, place: Place): Promise<void> {
    const onFile = (files: number) => setGoing({ state: "going", files });
    onFile(0);
    const zip = await zipOf(kind, { study, name, trust, part, door: mine, onFile }, onRefused);
    await place.keep(within(zip, place.mostBytes), new AbortController().signal);
  }
  const take = (kind: Kind) =>
    begin(async () => {
      setInParts(undefined);
      const place = await placeFor(kind, ONLY);
      if (!place) return { state: "idle" };
      setGoing({ state: "listing" });
      const parts = partsOf(await piecesOf[kind](mine, study), place.mostBytes);
      const [whole, ...others] = parts;
      if (!whole) throw new NotWhole();
      if (others.length > 0) {
        setInParts({ kind, parts, taken: new Set() });
        return { state: "idle" };
      }
      await takePart(kind, whole, place);
      return { state: "done" };
    });
  async function takePart(kind: Kind, part: Part<Piece>, place: Place): Promise<void> {
    const [piece] = part.pieces;
    const isTooLarge = kind === "files" && part.pieces.length === 1 && part.bytes > place.mostBytes;
    if (isTooLarge && piece) await takeAlone(mine, study.studyId, piece.instanceId);
    else await keep(kind, part, place);
  }
  const takeOne = ({ kind }: InParts, part: Part<Piece>) =>
    begin(async () => {
      const place = await placeFor(kind, part);
      if (!place) return { state: "idle" };
      await takePart(kind, part, place);
      setInParts((all) => all && { ...all, taken: new Set([...all.taken, part.at]) });
      return { state: "done" };
    });

  const isGoing = going.state === "going" || going.state === "listing";
  return (
    <section aria-label={`Keep a copy of ${name}`} className="flex flex-col gap-3">
      <h3 className="text-[1.25rem] font-semibold">Keep a copy</h3>
      <BigButton look="plain" disabled={isGoing} onClick={() => void take("pictures")}>
        Download the pictures (JPEG)
      </BigButton>
      <BigButton look="plain" disabled={isGoing} onClick={() => void take("files")}>
        Download for a doctor (DICOM)
      </BigButton>
      <Size study={study} />
      <p className="text-muted">
        Open “{inParts ? "index-1.html" : "index.html"}” in what you get first. Keep it safe: whoever has it
        can see the images, also after this link has ended.
      </p>
      {inParts ? (
        <fieldset className="flex flex-col gap-3">
          <legend className="pb-2">
            It comes in {inParts.parts.length} parts. Download one after the other, and unpack them into the
            same folder.
          </legend>
          {inParts.parts.map((part) => (
            <BigButton
              key={part.at}
              look="plain"
              disabled={isGoing}
              onClick={() => void takeOne(inParts, part)}
            >
              Part {part.at} of {part.count}
              {inParts.kind === "files" ? `, ${plainSize(part.bytes)}` : ""}
              {inParts.taken.has(part.at) ? ": downloaded" : ""}
            </BigButton>
          ))}
        </fieldset>
      ) : null}
      {going.state === "listing" ? <p role="status">Looking how much it is …</p> : null}
      {going.state === "going" ? (
        <p role="status">{going.files} pictures so far. Keep this page open.</p>
      ) : null}
      {going.state === "done" ? <Said tone="good">Downloaded. That you did is on your record.</Said> : null}
      {going.state === "failed" ? (
        <Said tone="wrong">
          {going.why} {inParts ? "Of this part nothing" : "Nothing"} was kept.
        </Said>
      ) : null}
    </section>
  );
}
