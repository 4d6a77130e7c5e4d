import type { Answer, Condition } from "./acknowledge.ts";
import type { Envelope } from "./envelope.ts";

/** What the region takes in (docs/hl7.md; a test holds the two tables equal). */
export const TAKEN: Readonly<Record<string, readonly string[] | "any">> = {
  ADT: ["A01", "A02", "A03", "A04", "A08", "A11", "A13", "A28", "A31", "A40"],
  SIU: ["S12", "S13", "S14", "S15", "S16", "S17", "S26"],
  ORM: "any",
  OMI: "any",
  OMG: "any",
  ORU: "any",
};

/** ASCII is the default. @see HL7 v2.5.1 table 0211 */
const CHARACTER_SETS = /^(|ASCII|8859\/1|UNICODE UTF-8|UTF-8)$/i;

export type Sender = { application?: string | undefined; facility?: string | undefined };

export type Rules = {
  processingIds: readonly string[];
  /** Whose messages are this trust's; none: everybody's who can connect. */
  senders: readonly Sender[];
};

/** Why, where a sender may expect otherwise. */
const NOT_TAKEN: Readonly<Record<string, string>> = {
  A37: "Two linked numbers are parted by a PACS manager in the portal, under Who is who: a message can't say which word of which merge it takes back.",
};

const refuse = (
  code: "AE" | "AR",
  condition: Condition,
  place: string,
  sentence: string,
): Exclude<Answer, { code: "AA" }> => ({ code, condition, place, sentence });

const reject = (condition: Condition, place: string, sentence: string) =>
  refuse("AR", condition, place, sentence);
const lacks = (place: string, sentence: string) => refuse("AE", 101, place, sentence);

function kindFault(envelope: Envelope): Answer | undefined {
  const [type = "", event = ""] = envelope.msh(9).split(envelope.delimiters.component);
  const events = Object.hasOwn(TAKEN, type) ? TAKEN[type] : undefined;
  if (!events) return reject(200, "MSH^1^9^1^1", "This type of message is not taken in.");
  const said = event || (envelope.segments("EVN")[0]?.[1] ?? "");
  if (events !== "any" && !events.includes(said))
    return reject(201, "MSH^1^9^1^2", NOT_TAKEN[said] ?? "This event is not taken in.");
  return undefined;
}

const component = (envelope: Envelope, field: number): string =>
  envelope.msh(field).split(envelope.delimiters.component)[0] ?? "";

function senderFault(envelope: Envelope, { senders }: Rules): Answer | undefined {
  const [application, facility] = [component(envelope, 3), component(envelope, 4)];
  const isKnown =
    senders.length === 0 ||
    senders.some(
      (sender) =>
        (sender.application ?? application) === application && (sender.facility ?? facility) === facility,
    );
  return isKnown
    ? undefined
    : reject(103, "MSH^1^4", "This gateway takes no messages of this sending application and facility.");
}

const isAnywhere = (envelope: Envelope, places: readonly [string, number][]): boolean =>
  places.some(([name, field]) =>
    envelope.segments(name).some((fields) => (fields[field] ?? "").trim() !== ""),
  );

type Need = { type: string; places: [string, number][]; place: string; sentence: string };

const ACCESSION: [string, number][] = [
  ["IPC", 1],
  ["OBR", 18],
  ["OBR", 3],
  ["ORC", 3],
  ["OBR", 2],
  ["ORC", 2],
];
const NO_ACCESSION = "The message names no accession number.";
const NEEDS: readonly Need[] = [
  {
    type: "",
    places: [["PID", 3]],
    place: "PID^1^3",
    sentence: "The message names no local patient number.",
  },
  {
    type: "ADT^A40",
    places: [["MRG", 1]],
    place: "MRG^1^1",
    sentence: "The merge does not name the number that ends.",
  },
  {
    type: "SIU",
    places: [
      ["SCH", 1],
      ["SCH", 2],
    ],
    place: "SCH^1^2",
    sentence: "The message names no appointment.",
  },
  ...["ORM", "OMI", "OMG", "ORU"].map(
    (type): Need => ({
      type,
      places: ACCESSION,
      place: "OBR^1^3",
      sentence: NO_ACCESSION,
    }),
  ),
  {
    type: "ORU",
    places: [
      ["OBR", 25],
      ["OBX", 11],
    ],
    place: "OBR^1^25",
    sentence: "The report does not say whether it is preliminary, final or amended.",
  },
];

function contentFault(envelope: Envelope): Answer | undefined {
  const kind = envelope.msh(9).split(envelope.delimiters.component).slice(0, 2).join("^");
  const missing = NEEDS.find(({ type, places }) => kind.startsWith(type) && !isAnywhere(envelope, places));
  return missing && lacks(missing.place, missing.sentence);
}

function charsetFault(envelope: Envelope, bytes: Uint8Array): Answer | undefined {
  const [charset = ""] = envelope.msh(18).split(envelope.delimiters.repetition);
  if (!CHARACTER_SETS.test(charset))
    return refuse("AE", 103, "MSH^1^18", "Only ASCII, 8859/1 and UNICODE UTF-8 are read.");
  if (!/UTF-?8/i.test(charset)) return undefined;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    return refuse("AE", 102, "MSH^1^18", "The message says UTF-8 and is not.");
  }
}

/**
 * Why a message is not taken, judged by what stands on its face; what it means is the region's to judge, and goes to its
 * quarantine. Nothing: it is taken.
 */
export function faultOf(envelope: Envelope | undefined, bytes: Uint8Array, rules: Rules): Answer | undefined {
  if (!envelope) return refuse("AR", 100, "MSH", "This is no HL7 v2 message: it does not begin with MSH.");
  const { msh } = envelope;
  if (!/^2(\.\d)*/.test(component(envelope, 12)))
    return reject(203, "MSH^1^12", "Only version 2 of HL7 is read.");
  if (!rules.processingIds.includes(component(envelope, 11)))
    return reject(202, "MSH^1^11", "This gateway takes no messages of this processing id.");
  const kind = kindFault(envelope) ?? senderFault(envelope, rules);
  if (kind) return kind;
  if (!msh(10)) return lacks("MSH^1^10", "The message has no control id.");
  if (!/^\d{8}/.test(msh(7))) return lacks("MSH^1^7", "The message does not say when it was written.");
  return contentFault(envelope) ?? charsetFault(envelope, bytes);
}
