import { makeZip } from "client-zip";
import type { mine, OpenStudy } from "./mine-client.ts";
import { plainDay } from "./plain-names.ts";

type Door = Pick<typeof mine, "readSeries" | "signFiles">;
export type ZipAsked = {
  study: OpenStudy;
  name: string;
  trust: string;
  door: Door;
  onFile(files: number): void;
};

/** So many are signed at a time: few enough that none of their addresses is over before it is read. */
const AT_ONCE = 4;

/** A zip that lacks what it should hold isn't given. */
class NotWhole extends Error {
  readonly code = "FILE_NOT_WHOLE";
}

async function* instancesOf({ study, door }: ZipAsked, seriesId: string): AsyncGenerator<string> {
  let after: string | undefined;
  do {
    const page = await door.readSeries.query({
      ...{ seriesId, servedVersion: study.servedVersion },
      ...(after ? { after } : {}),
    });
    for (const { instanceId } of page.instances) yield instanceId;
    after = page.next;
  } while (after);
}

async function* filesOf({ study, door }: ZipAsked, instanceIds: readonly string[]): AsyncGenerator<Response> {
  for (let at = 0; at < instanceIds.length; at += AT_ONCE) {
    const asked = instanceIds.slice(at, at + AT_ONCE);
    const { files } = await door.signFiles.mutate({ studyId: study.studyId, instanceIds: asked });
    for (const file of files) {
      const answer = "url" in file ? await fetch(file.url) : undefined;
      if (!answer?.ok) throw new NotWhole("A picture could not be fetched. Try again.");
      yield answer;
    }
  }
}

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? "");

/** What is in the zip, for whoever opens it: no script, nobody's name. */
export function indexPage({ study, name, trust }: ZipAsked, names: readonly string[]): string {
  const title = `${name}, ${plainDay(study.studyDate ?? study.studiedAt)}`;
  const rows = names.map((one) => `<li><a href="${escaped(one)}">${escaped(one)}</a></li>`).join("");
  return `<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>${escaped(title)}</title><h1>${escaped(title)}</h1>
<p>From ${escaped(trust)}. These ${names.length} files are DICOM images, which a doctor's program opens. Give the whole folder to them.</p>
<p>They are copies to look at, not for primary diagnosis. Keep them safe: whoever has them can see the images.</p>
<ul>${rows}</ul></html>`;
}

const numbered = (letter: string, number: number) => `${letter}${String(number).padStart(7, "0")}`;

async function* entriesOf(asked: ZipAsked) {
  const names: string[] = [];
  const lastModified = new Date();
  for (const [place, { seriesId }] of asked.study.series.entries()) {
    const instanceIds: string[] = [];
    for await (const instanceId of instancesOf(asked, seriesId)) instanceIds.push(instanceId);
    let number = 0;
    for await (const input of filesOf(asked, instanceIds)) {
      number += 1;
      const name = `DICOM/${numbered("S", place + 1)}/${numbered("I", number)}`;
      names.push(name);
      yield { name, lastModified, input };
      asked.onFile(names.length);
    }
  }
  yield { name: "index.html", lastModified, input: indexPage(asked, names) };
}

/** What a link shows of a study, as DICOM files with a page that says what they are. Nothing but the file on its way is held. */
export const studyZip = (asked: ZipAsked): ReadableStream<Uint8Array> => makeZip(entriesOf(asked));
