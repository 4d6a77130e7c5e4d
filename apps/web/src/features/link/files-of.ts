import type { mine, OpenStudy } from "./mine-client.ts";

export type Door = Pick<typeof mine, "readSeries" | "signFiles">;

/** A zip that lacks what it should hold isn't given. */
export class NotWhole extends Error {
  readonly code = "FILE_NOT_WHOLE";
  override message = "A picture could not be fetched. Try again.";
}

/** The images of a series, by pages. */
export async function instancesOf(door: Door, study: OpenStudy, seriesId: string): Promise<string[]> {
  const all: string[] = [];
  let after: string | undefined;
  do {
    const page = await door.readSeries.query({
      ...{ seriesId, servedVersion: study.servedVersion },
      ...(after ? { after } : {}),
    });
    all.push(...page.instances.map(({ instanceId }) => instanceId));
    after = page.next;
  } while (after);
  return all;
}

/** So many are signed at a time: few enough that none of their addresses is over before it is read. */
const AT_ONCE = 4;

export async function* filesOf(
  door: Door,
  studyId: string,
  instanceIds: readonly string[],
): AsyncGenerator<Response> {
  for (let at = 0; at < instanceIds.length; at += AT_ONCE) {
    const asked = instanceIds.slice(at, at + AT_ONCE);
    const { files } = await door.signFiles.mutate({ studyId, instanceIds: asked });
    for (const file of files) {
      const answer = "url" in file ? await fetch(file.url) : undefined;
      if (!answer?.ok) throw new NotWhole();
      yield answer;
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
