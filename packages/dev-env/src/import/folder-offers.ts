import { stat } from "node:fs/promises";
import { sourcesIn } from "../send/index.ts";
import type { Offer } from "./found.ts";

/** Every file below a folder. One that was changed since is another one. */
export async function* folderOffers(folder: string): AsyncGenerator<Offer> {
  for await (const source of sourcesIn([folder])) {
    const { name, sizeBytes } = source;
    const changed = await stat(name).then(
      ({ mtimeMs }) => Math.round(mtimeMs),
      () => 0,
    );
    yield { key: `${name}|${sizeBytes}|${changed}`, name, open: async () => source };
  }
}
