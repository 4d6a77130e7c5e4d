import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Notice, type Notifier, NotifierUnavailable } from "@weald/core/ports";
import { z } from "zod";
import { textOf } from "./texts.ts";
import { valuesOf } from "./values-of.ts";

/** A message as it lies in the mail box of a local region. */
const Letter = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  channel: z.enum(["email", "sms"]),
  to: z.string(),
  template: z.string(),
  subject: z.string().optional(),
  text: z.string(),
  reference: z.string(),
});
export type Letter = z.output<typeof Letter>;

const MOST = 200;

/** Newest first. */
export async function readMailBox(folder: string): Promise<Letter[]> {
  const names = await readdir(folder).catch(() => []);
  const newest = names
    .filter((name) => name.endsWith(".json"))
    .sort()
    .reverse();
  return Promise.all(
    newest
      .slice(0, MOST)
      .map(async (name) => Letter.parse(JSON.parse(await readFile(path.join(folder, name), "utf8")))),
  );
}

/** The notifier of a local region: whatever it sends lies in a folder, and nothing leaves the machine. */
export function createMailBox({ folder, portalUrl }: { folder: string; portalUrl: string }): Notifier {
  let sent = 0;
  async function write(notice: Notice) {
    const { channel, to, template, reference } = notice;
    const values = valuesOf(notice, portalUrl);
    const at = new Date().toISOString();
    const id = randomUUID();
    const letter: Letter = { id, at, channel, to, template, ...textOf(template, channel, values), reference };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    sent += 1;
    const name = `${at.replaceAll(":", "-")}-${String(sent).padStart(6, "0")}-${id}.json`;
    const aside = path.join(folder, `.${name}`);
    await writeFile(aside, JSON.stringify(letter), { mode: 0o600 });
    await rename(aside, path.join(folder, name));
    return { deliveredId: id };
  }
  return {
    send: (notice) =>
      write(notice).catch((error: unknown) => {
        throw new NotifierUnavailable("the mail box can't be written", { cause: error });
      }),
  };
}
