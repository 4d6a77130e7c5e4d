import type { ViewerInstance } from "#viewer/contract.ts";
import { number } from "#viewer/header.ts";
import { pictureBytes } from "#viewer/patient/picture-side.ts";
import type { mine, OpenStudy } from "./mine-client.ts";
import type { Piece } from "./parts-of.ts";

export type Door = Pick<typeof mine, "readSeries" | "signFiles">;

/** A zip that lacks what it should hold isn't given. */
export class NotWhole extends Error {
  readonly code = "FILE_NOT_WHOLE";
  override message = "A picture could not be fetched. Try again.";
}

/** The images of a series, by pages. */
export async function* instancesOf(
  door: Door,
  study: OpenStudy,
  seriesId: string,
): AsyncGenerator<ViewerInstance> {
  let after: string | undefined;
  do {
    const page = await door.readSeries.query({
      ...{ seriesId, servedVersion: study.servedVersion },
      ...(after ? { after } : {}),
    });
    yield* page.instances as ViewerInstance[];
    after = page.next;
  } while (after);
}

/** Every file of what the link shows. */
export async function filePieces(door: Door, study: OpenStudy): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const [index, { seriesId }] of study.series.entries()) {
    let at = 0;
    for await (const { instanceId, sizeBytes } of instancesOf(door, study, seriesId)) {
      at += 1;
      pieces.push({ instanceId, seriesId, place: index + 1, at, bytes: sizeBytes });
    }
  }
  return pieces;
}

/** Every picture of it: one of each frame. */
export async function picturePieces(door: Door, study: OpenStudy): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const [index, { seriesId }] of study.series.entries()) {
    let at = 0;
    for await (const { instanceId, frames, header } of instancesOf(door, study, seriesId)) {
      const bytes = pictureBytes(number(header, "00280010"), number(header, "00280011"));
      for (let frame = 0; frame < frames.length; frame += 1) {
        at += 1;
        pieces.push({ instanceId, seriesId, place: index + 1, at, bytes });
      }
    }
  }
  return pieces;
}

/** So many are signed at a time. */
const AT_ONCE = 4;

/** The address of one file, to be read at once: it lives for less than a minute. @throws {NotWhole} where the link shows it no more */
export async function addressOf(door: Door, studyId: string, instanceId: string): Promise<string> {
  const { files } = await door.signFiles.mutate({ studyId, instanceIds: [instanceId] });
  const [file] = files;
  if (!file || !("url" in file)) throw new NotWhole();
  return file.url;
}

/** Large files before it may have taken longer than its address lives: then it gets another. */
async function begun(door: Door, studyId: string, instanceId: string, url: string): Promise<Response> {
  const answer = await fetch(url).catch(() => undefined);
  if (answer?.ok) return answer;
  await answer?.body?.cancel();
  const again = await fetch(await addressOf(door, studyId, instanceId));
  if (!again.ok) throw new NotWhole();
  return again;
}

export async function* filesOf(
  door: Door,
  studyId: string,
  instanceIds: readonly string[],
): AsyncGenerator<Response> {
  for (let at = 0; at < instanceIds.length; at += AT_ONCE) {
    const asked = instanceIds.slice(at, at + AT_ONCE);
    const { files } = await door.signFiles.mutate({ studyId, instanceIds: asked });
    for (const file of files) {
      if (!("url" in file)) throw new NotWhole();
      yield await begun(door, studyId, file.instanceId, file.url);
    }
  }
}

/** As many as the door puts on the record in one go. */
const NOTED_AT_ONCE = 200;

/** Pictures that this browser makes itself: that they are taken away is allowed and put on the record before one is made. */
export async function noteTaken(door: Door, studyId: string, instanceIds: readonly string[]): Promise<void> {
  for (let at = 0; at < instanceIds.length; at += NOTED_AT_ONCE)
    await door.signFiles.mutate({ studyId, instanceIds: instanceIds.slice(at, at + NOTED_AT_ONCE) });
}

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? "");

export type Index = {
  title: string;
  lines: readonly string[];
  names: readonly string[];
  as: "files" | "pictures";
};

/** What is in a zip, for whoever opens it: no script, nobody's name. */
export function indexPage({ title, lines, names, as }: Index): string {
  const item = (name: string, at: number) =>
    as === "files"
      ? `<li><a href="${escaped(name)}">${escaped(name)}</a></li>`
      : `<li><img loading="lazy" src="${escaped(name)}" alt="Picture ${at + 1}"></li>`;
  return `<!doctype html><html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:1.25rem/1.5 sans-serif;max-width:45rem;margin:1rem auto;padding:0 1rem}img{max-width:100%}</style>
<h1>${escaped(title)}</h1>
${lines.map((line) => `<p>${escaped(line)}</p>`).join("\n")}
<ul>${names.map(item).join("\n")}</ul></html>`;
}
