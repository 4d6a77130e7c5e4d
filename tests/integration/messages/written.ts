import { bytesSource, type Source } from "@weald/dev-env/send";

/** Whom a message names. Invented; NHS numbers are of the 999 range kept for tests. */
export type Person = {
  family: string;
  given: string;
  /** YYYYMMDD */
  born: string;
  sex: string;
  nhs?: string;
  /** XAD: `first line^second line^town^county^postcode^^type`. */
  address?: string;
};

export type Envelope = {
  trust: string;
  number: string;
  person?: Person | undefined;
  id: string;
  at: Date;
  application?: string;
};

/** A segment of the fields that a test speaks of. */
export function segment(name: string, fields: Record<number, string | undefined>): string {
  const last = Math.max(0, ...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_, index) => fields[index + 1] ?? "")].join("|");
}

/** UTC, and it says so: the clocks of the messages don't change in October. */
export const hl7Time = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}+0000`;

export const msh = (type: string, { trust, id, at, application = "PAS" }: Envelope): string =>
  segment("MSH", {
    1: "^~\\&",
    2: application,
    3: trust,
    4: "WEALD",
    5: "REGION",
    6: hl7Time(at),
    8: type,
    9: id,
    10: "P",
    11: "2.5.1",
    17: "UNICODE UTF-8",
  });

export const pid = ({ trust, number, person }: Envelope): string =>
  segment("PID", {
    1: "1",
    3: `${number}^^^${trust}^MR${person?.nhs ? `~${person.nhs}^^^NHS^NH` : ""}`,
    5: person && `${person.family}^${person.given}`,
    7: person?.born,
    8: person?.sex,
    11: person?.address,
  });

let made = 0;
export function source(text: string): Source {
  made += 1;
  return bytesSource(`m${made}.hl7`, "hl7", Buffer.from(text, "utf8"));
}

const written = (...segments: string[]): string => segments.join("\r");

export type Stay = { visit: string; clinicians?: string[]; class?: string; ward?: string };
const pv1 = ({ visit, clinicians, class: patientClass = "I", ward }: Stay): string =>
  segment("PV1", {
    1: "1",
    2: patientClass,
    3: ward,
    7: clinicians?.map((id) => `${id}^Doctor`).join("~"),
    19: visit,
  });

export const adt = (event: string, envelope: Envelope, stay?: Stay): string =>
  written(
    msh(`ADT^${event}`, envelope),
    segment("EVN", { 2: hl7Time(envelope.at) }),
    pid(envelope),
    ...(stay ? [pv1(stay)] : []),
  );

export const merge = (envelope: Envelope, oldNumber: string): string =>
  written(adt("A40", envelope), `MRG|${oldNumber}^^^${envelope.trust}^MR`);

export type Slot = { appointment: string; starts?: Date; clinicians?: string[]; accession?: string };
export const siu = (event: string, envelope: Envelope, slot: Slot): string =>
  written(
    msh(`SIU^${event}`, { application: "SCHED", ...envelope }),
    segment("SCH", {
      2: slot.appointment,
      11: slot.starts && `^^^${hl7Time(slot.starts)}`,
      27: slot.accession && `${slot.accession}^${envelope.trust}`,
    }),
    pid(envelope),
    ...(slot.clinicians ?? []).map((id, index) => `AIP|${index + 1}||${id}^Doctor`),
  );

export type Order = {
  accession: string;
  control?: string;
  status?: string;
  referrer?: string;
  question?: string;
  scheduled?: Date;
  modality?: string;
  asked?: Date;
};
export const orm = (envelope: Envelope, order: Order): string => {
  const number = `${order.accession}^${envelope.trust}`;
  return written(
    msh("ORM^O01", { application: "RIS", ...envelope }),
    pid(envelope),
    segment("ORC", {
      1: order.control ?? "NW",
      2: number,
      3: number,
      5: order.status,
      9: order.asked && hl7Time(order.asked),
    }),
    segment("OBR", {
      1: "1",
      2: number,
      3: number,
      4: "XCHES^Chest^NICIP",
      13: order.question,
      16: order.referrer && `${order.referrer}^Doctor`,
      24: order.modality,
      36: order.scheduled && hl7Time(order.scheduled),
    }),
  );
};

export type Result = { accession: string; filler?: string; status: string; text: string };
export const oru = (envelope: Envelope, result: Result): string => {
  const number = (name: string) => `${name}^${envelope.trust}`;
  return written(
    msh("ORU^R01", { application: "RIS", ...envelope }),
    pid(envelope),
    segment("OBR", {
      1: "1",
      2: number(result.accession),
      3: number(result.filler ?? result.accession),
      4: "XCHES^Chest^NICIP",
      18: result.accession,
      22: hl7Time(envelope.at),
      25: result.status,
    }),
    `OBX|1|TX|R||${result.text}||||||${result.status}`,
  );
};
