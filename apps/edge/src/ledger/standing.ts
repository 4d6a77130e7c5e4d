import { type Item, URGENCIES, type Urgency } from "./item.ts";

export type Amount = { count: number; bytes: number };
const none = (): Amount => ({ count: 0, bytes: 0 });

/** How much stands in line, kept beside the ledger so that nobody has to count it. */
export class Standing {
  readonly waiting: Record<Urgency, Amount> = { urgent: none(), routine: none(), bulk: none() };
  readonly sent: Amount = none();
  /** Looks that the region isn't told of yet; among `waiting` too. */
  readonly looks: Amount = none();

  #placeOf(item: Item): Amount | undefined {
    if (item.state === "waiting") return this.waiting[item.urgency];
    return item.state === "sent" ? this.sent : undefined;
  }

  #placesOf(item: Item): Amount[] {
    const place = this.#placeOf(item);
    return place ? [place, ...(item.kind === "look" ? [this.looks] : [])] : [];
  }

  #add(item: Item, sign: 1 | -1): void {
    for (const place of this.#placesOf(item)) {
      place.count += sign;
      place.bytes += sign * item.sizeBytes;
    }
  }

  change(item: Item, before: Item | undefined): void {
    if (before) this.#add(before, -1);
    this.#add(item, 1);
  }

  get all(): Amount {
    const places = [...URGENCIES.map((urgency) => this.waiting[urgency]), this.sent];
    return places.reduce(
      (sum, { count, bytes }) => ({ count: sum.count + count, bytes: sum.bytes + bytes }),
      none(),
    );
  }
}
