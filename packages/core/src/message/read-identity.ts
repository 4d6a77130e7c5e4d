import type { Hl7Segment } from "@medplum/core";
import { isoDate } from "../ingest/index.ts";
import type { Says } from "../patient/index.ts";
import { addressKey, nhsNumberOf } from "../patient/index.ts";
import { Hl7Refused, part, repetitions, statedPart } from "./hl7.ts";
import { timeOf } from "./read-head.ts";

export type MessageIdentity = { localNumber: string; says: Says };

type Identifier = { value: string | undefined; authority: string | undefined; type: string | undefined };

/** CX repeats: `local^^^RXC^MR~9990000018^^^NHS^NH`. */
const identifiersIn = (segment: Hl7Segment | undefined, field: number): Identifier[] =>
  Array.from({ length: repetitions(segment, field) }, (_, index) => ({
    value: part(segment, field, 1, index),
    authority: part(segment, field, 4, index)?.split("&")[0],
    type: part(segment, field, 5, index),
  }));

const isNhs = ({ type, authority }: Identifier) => type === "NH" || authority === "NHS";

/** The trust's own number: the one that it issued itself, where a message carries several. */
export function localNumberIn(
  segment: Hl7Segment | undefined,
  field: number,
  custodian: string,
): Identifier | undefined {
  const local = identifiersIn(segment, field).filter((one) => !isNhs(one) && one.value);
  return local.find(({ authority }) => authority === custodian) ?? local[0];
}

const SEXES: Record<string, string> = { M: "M", F: "F", O: "O", A: "O" };

/** HL7 UK: the number was traced and verified with the national service. */
const TRACED = /^(NSTS)?01$/;
const TRACE_STATUS = /^(NSTS)?0\d$/;

function nhsIn(pid: Hl7Segment | undefined): Says["nhs"] {
  const index = identifiersIn(pid, 3).findIndex(isNhs);
  if (index < 0) return undefined;
  if (pid?.getComponent(3, 1, undefined, index) === '""') return null;
  const number = nhsNumberOf(part(pid, 3, 1, index));
  const status = part(pid, 32) ?? "";
  return number && { number, isVerified: TRACE_STATUS.test(status) ? TRACED.test(status) : undefined };
}

function nameIn(pid: Hl7Segment | undefined): Says["name"] {
  if (statedPart(pid, 5) === null && pid?.getField(5)?.toString() === '""') return null;
  const [family = "", given = "", middle = "", prefix = ""] = [1, 2, 3, 5].map((one) => part(pid, 5, one));
  return family || given ? { family, given, middle, prefix } : undefined;
}

/** XAD-7: at home, permanently, or not said; a temporary, a bad or a relative's address is another household's. */
const HOME = new Set(["", "H", "P", "L"]);

/** Only who lives with whom is taken of an address (PID-11); one that is no household takes back what was said. */
function householdIn(pid: Hl7Segment | undefined): Says["addressKey"] {
  if (pid?.getField(11)?.toString() === '""') return null;
  const home = Array.from({ length: repetitions(pid, 11) }, (_, index) => index).find((index) =>
    HOME.has(part(pid, 11, 7, index) ?? ""),
  );
  if (home === undefined) return undefined;
  const [firstLine = "", secondLine = "", postcode = ""] = [1, 2, 5].map((one) => part(pid, 11, one, home));
  return addressKey({ firstLine, secondLine, postcode }) ?? null;
}

/**
 * What a message says of its patient (PID). A field that is absent says nothing; `""` takes back what was said.
 *
 * @throws {Hl7Refused} `HL7_PATIENT_MISSING`
 */
export function identityIn(pid: Hl7Segment | undefined, custodian: string): MessageIdentity {
  const local = localNumberIn(pid, 3, custodian);
  if (!local?.value)
    throw new Hl7Refused("HL7_PATIENT_MISSING", "The message names no local patient number (PID-3).");
  const born = statedPart(pid, 7);
  const sex = statedPart(pid, 8);
  return {
    localNumber: local.value,
    says: {
      issuer: local.authority,
      nhs: nhsIn(pid),
      name: nameIn(pid),
      // A time may follow the date; a year alone is no date of birth.
      birthDate: born === null ? null : isoDate(born?.slice(0, 8)),
      sex: sex === null ? null : SEXES[sex?.toUpperCase() ?? ""],
      addressKey: householdIn(pid),
    },
  };
}

/** PID-29 and PID-30, Patient Death Date and Time and Indicator: `N` or `""` take back what was said. */
export function deathIn(pid: Hl7Segment | undefined, messageAt: Date): Date | null | undefined {
  const at = timeOf(part(pid, 29));
  if (at) return at;
  const indicator = statedPart(pid, 30);
  if (indicator === null || indicator === "N") return null;
  return indicator === "Y" ? messageAt : undefined;
}

/** Names come as XCN: `id^family^given^^^prefix`. */
export const nameOf = (segment: Hl7Segment | undefined, field: number): string | undefined => {
  const [family, given, prefix] = [part(segment, field, 2), part(segment, field, 3), part(segment, field, 6)];
  return family ? [prefix, given, family].filter(Boolean).join(" ") : part(segment, field, 1);
};

/** The ids in these fields, each once. */
export const idsIn = (segment: Hl7Segment | undefined, fields: readonly number[]): string[] => [
  ...new Set(
    fields
      .flatMap((field) =>
        Array.from(
          { length: repetitions(segment, field) },
          (_, index) => part(segment, field, 1, index) ?? [],
        ),
      )
      .flat(),
  ),
];
