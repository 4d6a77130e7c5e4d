import { type Done, type Door, DoorRefused, type Input, refuse } from "./door.ts";

type Ask = "study.retrieve" | "study.retrieve-metadata" | "study.retrieve-frames";

/** What is withheld is known to be here: it says how to ask. What is hidden comes as 404 and passes. */
const RESTRICTED =
  "This study is not open to you. A person: open it in the portal, say why you look, or ask the trust that holds it. A system: ask that trust to register it for its studies (docs/dicomweb.md).";

/** Asks for a ticket. @throws {DoorRefused} 403 `RESTRICTED` for what is withheld */
export async function askStudy<K extends Ask>(door: Door, name: K, input: Input<K>): Promise<Done<K>> {
  try {
    return await door.ask(name, input);
  } catch (error) {
    if (error instanceof DoorRefused && error.refused.kind === "forbidden")
      return refuse("forbidden", "RESTRICTED", RESTRICTED);
    throw error;
  }
}

type Paged = { next: string | undefined; servedVersion: number };
/** What the next page is asked by. */
export type Behind = { after: string; servedVersion: number };

/** Pages of a ticket, the next asked for while one is used. */
export async function* pagesOf<P extends Paged>(
  first: P,
  askNext: (behind: Behind) => Promise<P>,
): AsyncGenerator<P> {
  for (let page: P | undefined = first; page; ) {
    const { next, servedVersion }: Paged = page;
    const coming: Promise<P> | undefined = next ? askNext({ after: next, servedVersion }) : undefined;
    // Its failure is thrown where it is awaited.
    coming?.catch(() => {});
    yield page;
    page = await coming;
  }
}
