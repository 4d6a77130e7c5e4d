import { z } from "zod";
import type { Ledger } from "../ledger/index.ts";
import { keyOf, type Needed, NeededStudy } from "./needed.ts";
import type { Presence } from "./presence.ts";

const KeptList = z.object({
  clientId: z.string(),
  /** The region said so then. */
  asOf: z.string(),
  mark: z.string(),
  isCut: z.boolean(),
  studies: z.array(NeededStudy),
});
export type KeptList = z.output<typeof KeptList>;
const Checked = KeptList.pick({ clientId: true, asOf: true, mark: true });

export type Wanted = { study: NeededStudy; rank: number; clientId: string };

/** Why nothing is shown. */
export const NOT_SHOWN = {
  none: "nothing is kept for this system",
  old: "what is kept is too old",
  unchecked: "what is kept isn't checked yet",
} as const;
export type NotShown = keyof typeof NOT_SHOWN;

/** No door shows what was corrected more than a minute ago (clinical page §2). */
const CORRECTED_WITHIN_MS = 60_000;
const LIST = "kept-list";
const CHECKED = "kept-checked";

export type KeptListsOptions = {
  ledger: Ledger;
  /** For whom anything is kept. */
  clientIds: readonly string[];
  oldestMs: number;
  presence: Presence;
  now?: () => number;
};

/** What each client was granted of today's lists when the region was asked last. On disk, so that it outlives a restart. */
export class KeptLists {
  readonly #lists = new Map<string, KeptList>();
  readonly #options: KeptListsOptions;
  #wanted: Map<string, Wanted> = new Map();

  private constructor(options: KeptListsOptions) {
    this.#options = options;
  }

  static async open(options: KeptListsOptions): Promise<KeptLists> {
    const lists = new KeptLists(options);
    const { ledger, clientIds } = options;
    for await (const note of ledger.notes(LIST)) {
      const list = KeptList.safeParse(note);
      if (list.success && clientIds.includes(list.data.clientId))
        lists.#lists.set(list.data.clientId, list.data);
    }
    for await (const note of ledger.notes(CHECKED)) {
      const { data: checked } = Checked.safeParse(note);
      const list = checked && lists.#lists.get(checked.clientId);
      if (list && list.mark === checked.mark && checked.asOf > list.asOf) list.asOf = checked.asOf;
    }
    lists.#rank();
    return lists;
  }

  /** The client that needs a study most names its place. */
  #rank(): void {
    const wanted = new Map<string, Wanted>();
    for (const { clientId, studies } of this.#lists.values())
      for (const [rank, study] of studies.entries()) {
        const known = wanted.get(keyOf(study));
        if (!known || known.rank > rank) wanted.set(keyOf(study), { study, rank, clientId });
      }
    this.#wanted = new Map([...wanted].toSorted(([, a], [, b]) => a.rank - b.rank));
  }

  /** By key, most needed first. */
  get wanted(): ReadonlyMap<string, Wanted> {
    return this.#wanted;
  }

  all(): KeptList[] {
    return [...this.#lists.values()];
  }

  markOf(clientId: string): string | undefined {
    return this.#lists.get(clientId)?.mark;
  }

  /** From this moment on nothing is granted by the list before; durable when it resolves. */
  async renew(clientId: string, asOf: string, { mark, isSame, isCut, studies }: Needed): Promise<void> {
    const { ledger } = this.#options;
    const known = this.#lists.get(clientId);
    if (isSame && known?.mark === mark) {
      known.asOf = asOf;
      return ledger.keepNote(CHECKED, encodeURIComponent(clientId), { clientId, asOf, mark });
    }
    const list = { clientId, asOf, mark, isCut, studies };
    this.#lists.set(clientId, list);
    this.#rank();
    await ledger.keepNote(LIST, encodeURIComponent(clientId), list);
  }

  /** The region grants it nothing any more. */
  async drop(clientId: string): Promise<void> {
    if (!this.#lists.delete(clientId)) return;
    this.#rank();
    await this.#options.ledger.dropNote(LIST, encodeURIComponent(clientId));
  }

  /** The list that may be shown to this client while the region is away, or why none may. */
  shownTo(clientId: string): KeptList | NotShown {
    const { oldestMs, presence, now = Date.now } = this.#options;
    const list = this.#lists.get(clientId);
    if (!list) return "none";
    const asOf = Date.parse(list.asOf);
    // A clock that was set back knows no age.
    if (now() - asOf > oldestMs || asOf - now() > CORRECTED_WITHIN_MS) return "old";
    // The region was there since: what it has corrected must be known before anything else is shown.
    if ((presence.lastMet() ?? 0) - asOf > CORRECTED_WITHIN_MS) return "unchecked";
    return list;
  }
}
