import { nhsNumberFrom } from "./nhs.ts";
import { adt, type Envelope, merge, orm, oru, type Person, siu } from "./written.ts";

export type Told = { trust: string; text: string };

/** A repeatable source of chance (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** In another order, by chance. */
export function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
}

const TRUSTS = ["RXC", "RA2", "RTK"] as const;
const FAMILIES = [
  "Alder",
  "Birch",
  "Cedar",
  "Damson",
  "Elder",
  "Fir",
  "Gorse",
  "Hazelton",
  "Ivyson",
  "Juniper",
];
const GIVEN = ["Rowan", "Ash", "Bryony", "Clover", "Daisy", "Fern", "Heather", "Linden", "Olive", "Robin"];
const CLINICIANS = ["801", "802", "803", "804", "805", "806"];
const DAY = 86_400_000;
const MINUTE = 60_000;

/**
 * What the systems of three trusts tell of invented people over forty days, in the order in which it happened: admissions,
 * discharges, updates, corrections, second numbers and their merges (also chains, wrong ones, and ones that are told before
 * either number is known), appointments, orders and reports (also of somebody else).
 */
export class History {
  readonly told: Told[] = [];
  #random: () => number;
  #clock: number;
  #ids = 0;
  #people = 0;

  constructor(seed: number, begins: Date) {
    this.#random = chance(seed);
    this.#clock = begins.getTime();
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }

  #happens(share: number): boolean {
    return this.#random() < share;
  }

  /** Some messages are of one second: then their ids say which was last. */
  #envelope(of: Omit<Envelope, "id" | "at">): Envelope {
    if (this.#happens(0.8)) this.#clock += Math.floor(this.#random() * 4 * MINUTE);
    this.#ids += 1;
    return { ...of, id: `M${this.#ids}`, at: new Date(this.#clock) };
  }

  #tell(trust: string, text: string): void {
    this.told.push({ trust, text });
  }

  #person(): Person {
    this.#people += 1;
    const day = String(1 + (this.#people % 28)).padStart(2, "0");
    const month = String(1 + (Math.floor(this.#people / 28) % 12)).padStart(2, "0");
    return {
      family: this.#pick(FAMILIES),
      given: this.#pick(GIVEN),
      born: `${1930 + (this.#people % 80)}${month}${day}`,
      sex: this.#pick(["F", "M"]),
      ...(this.#happens(0.8) ? { nhs: nhsNumberFrom(this.#people) } : {}),
    };
  }

  #demographics(trust: string, number: string, person: Person): Person {
    let now = person;
    this.#tell(trust, adt(this.#pick(["A28", "A04"]), this.#envelope({ trust, number, person: now })));
    if (this.#happens(0.3)) {
      now = { ...now, family: `${this.#pick(FAMILIES)}-${now.family}` };
      this.#tell(trust, adt("A31", this.#envelope({ trust, number, person: now })));
    }
    // An update that says less takes nothing back.
    if (this.#happens(0.2))
      this.#tell(trust, adt("A08", this.#envelope({ trust, number, person: { ...now, sex: "" } })));
    if (this.#happens(0.15))
      this.#tell(trust, adt("A31", this.#envelope({ trust, number, person: { ...now, sex: '""' } })));
    if (this.#happens(0.15)) {
      now = { ...now, born: `${now.born.slice(0, 6)}${now.born.endsWith("9") ? "11" : "19"}` };
      this.#tell(trust, adt("A31", this.#envelope({ trust, number, person: now })));
    }
    return now;
  }

  #stay(trust: string, number: string, person: Person): void {
    const visit = `V${this.#ids}`;
    const tell = (event: string, clinicians?: string[]) =>
      this.#tell(
        trust,
        adt(event, this.#envelope({ trust, number, person }), {
          visit,
          ...(clinicians ? { clinicians } : {}),
          ...(event === "A02" ? { ward: this.#pick(["W1", "W2", "ITU"]) } : {}),
        }),
      );
    tell("A01", [this.#pick(CLINICIANS), this.#pick(CLINICIANS)]);
    if (this.#happens(0.4)) tell("A08", [this.#pick(CLINICIANS)]);
    if (this.#happens(0.3)) tell("A08");
    if (this.#happens(0.3)) tell("A02", [this.#pick(CLINICIANS)]);
    if (this.#happens(0.6)) tell("A03");
    if (this.#happens(0.2)) tell("A13");
    if (this.#happens(0.15)) tell("A11");
    if (this.#happens(0.1)) tell("A01", [this.#pick(CLINICIANS)]);
  }

  /** A request, its booking, what became of it, and its report; sometimes another patient's report under its number. */
  #imaging(
    trust: string,
    number: string,
    person: Person,
    other: { number: string; person: Person } | undefined,
  ): void {
    const [accession, appointment] = [`A${this.#ids}`, `S${this.#ids}`];
    const of = () => this.#envelope({ trust, number, person });
    const referrer = this.#pick(CLINICIANS);
    const asked = new Date(this.#clock);
    this.#tell(
      trust,
      orm(of(), { accession, referrer, question: `Question ${this.#ids}`, modality: "CT", asked }),
    );
    const slot = { appointment, accession, clinicians: [this.#pick(CLINICIANS)] };
    if (this.#happens(0.7))
      this.#tell(trust, siu("S12", of(), { ...slot, starts: new Date(this.#clock + 3 * DAY) }));
    if (this.#happens(0.3))
      this.#tell(trust, siu("S13", of(), { ...slot, starts: new Date(this.#clock + 5 * DAY) }));
    if (this.#happens(0.2))
      this.#tell(trust, siu(this.#pick(["S15", "S26"]), of(), { appointment, accession }));
    if (this.#happens(0.2))
      this.#tell(trust, orm(of(), { accession, control: "XO", question: `Changed ${this.#ids}` }));
    if (this.#happens(0.15)) this.#tell(trust, orm(of(), { accession, control: "CA" }));
    for (const status of ["IP", "CM"])
      if (this.#happens(0.5)) this.#tell(trust, orm(of(), { accession, control: "SC", status }));
    for (const status of ["P", "F", "A"])
      if (this.#happens(0.5))
        this.#tell(trust, oru(of(), { accession, status, text: `${status} ${this.#ids}` }));
    if (other && this.#happens(0.4))
      this.#tell(
        trust,
        oru(this.#envelope({ trust, ...other }), {
          accession,
          filler: this.#happens(0.5) ? accession : `${accession}-X`,
          status: "F",
          text: `of somebody else ${this.#ids}`,
        }),
      );
  }

  /** One person at one trust, and perhaps at another, with all that happens to them. */
  #life(): void {
    const person = this.#person();
    const [trust, second] = shuffled(TRUSTS, this.#random);
    if (!trust || !second) return;
    const number = `${trust}-${this.#people}`;
    const now = this.#demographics(trust, number, person);
    const other = { number: `${trust}-O${this.#people}`, person: this.#person() };
    if (this.#happens(0.5)) this.#stay(trust, number, now);
    if (this.#happens(0.6)) this.#imaging(trust, number, now, this.#happens(0.4) ? other : undefined);
    if (this.#happens(0.4)) this.#elsewhere(second, person);
    if (this.#happens(0.35)) this.#numbers(trust, number, now);
    if (this.#happens(0.1)) this.#wrongMerge(trust, number, now);
  }

  /** Another trust knows them too: by all that joins the two, or by less, so that a person must look. */
  #elsewhere(trust: string, person: Person): void {
    const number = `${trust}-${this.#people}`;
    const said = this.#happens(0.3) ? { ...person, sex: person.sex === "F" ? "M" : "F" } : person;
    this.#tell(trust, adt("A28", this.#envelope({ trust, number, person: said })));
    if (this.#happens(0.3)) this.#tell(trust, adt("A31", this.#envelope({ trust, number, person })));
  }

  /** A second number of the same person, perhaps a third, and the merges; what comes under the old number goes on. */
  #numbers(trust: string, number: string, person: Person): void {
    const chain = [`${number}-B`, ...(this.#happens(0.4) ? [`${number}-C`] : []), number];
    for (const one of chain.slice(0, -1)) {
      // A number may be merged of which nothing was ever said.
      if (this.#happens(0.2)) continue;
      const unsure = this.#happens(0.3) ? { ...person, family: "Unknown", given: "Person", nhs: "" } : person;
      this.#tell(trust, adt("A28", this.#envelope({ trust, number: one, person: { ...unsure } })));
      if (this.#happens(0.6)) this.#imaging(trust, one, unsure, undefined);
    }
    for (const [index, old] of chain.slice(0, -1).entries()) {
      const surviving = chain[index + 1] ?? number;
      this.#tell(trust, merge(this.#envelope({ trust, number: surviving, person }), old));
    }
    if (this.#happens(0.5))
      this.#tell(
        trust,
        orm(this.#envelope({ trust, number: `${number}-B`, person }), { accession: `L${this.#ids}` }),
      );
    if (this.#happens(0.4))
      this.#tell(
        trust,
        adt(
          "A31",
          this.#envelope({
            trust,
            number: `${number}-B`,
            person: { ...person, given: `${person.given} Lee` },
          }),
        ),
      );
  }

  /** Two people who are not one, whatever the message says. */
  #wrongMerge(trust: string, number: string, person: Person): void {
    const stranger = this.#person();
    const old = `${number}-W`;
    this.#tell(trust, adt("A28", this.#envelope({ trust, number: old, person: stranger })));
    this.#tell(trust, merge(this.#envelope({ trust, number, person }), old));
  }

  static of(count: number, seed: number, begins: Date): Told[] {
    const history = new History(seed, begins);
    while (history.told.length < count) history.#life();
    return history.told.slice(0, count);
  }
}
