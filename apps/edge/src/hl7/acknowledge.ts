import { type Delimiters, type Envelope, STANDARD } from "./envelope.ts";

/** @see HL7 v2.5.1 table 0357 (message error condition codes) */
export const CONDITIONS = {
  100: "Segment sequence error",
  101: "Required field missing",
  102: "Data type error",
  103: "Table value not found",
  200: "Unsupported message type",
  201: "Unsupported event code",
  202: "Unsupported processing id",
  203: "Unsupported version id",
  207: "Application internal error",
} as const;
export type Condition = keyof typeof CONDITIONS;

export type Answer =
  | { code: "AA" }
  | {
      /** AE: mend this message, or send it again later. AR: messages of this kind will never be taken. */
      code: "AE" | "AR";
      condition: Condition;
      /** Where it is wrong: `MSH^1^9`. */
      place?: string;
      /** For the person who reads the sender's log. Holds nothing of the message. */
      sentence: string;
    };

/** @see HL7 v2.5.1 §2.7 (use of escape sequences) */
export function escaped(text: string, d: Delimiters): string {
  const names: [string, string][] = [
    [d.field, "F"],
    [d.component, "S"],
    [d.subcomponent, "T"],
    [d.repetition, "R"],
    [d.escape, "E"],
  ];
  return [...text]
    .map((letter) => {
      const name = names.find(([sign]) => sign === letter)?.[1];
      if (name) return `${d.escape}${name}${d.escape}`;
      // A line or a frame of its own is nobody's to write into an answer.
      return letter < " "
        ? `${d.escape}X${letter.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}${d.escape}`
        : letter;
    })
    .join("");
}

/** A field that goes back as it came: it stands escaped already, but for what would end a segment or a frame. */
const echoed = (field: string): string =>
  [...field]
    .filter((letter) => letter >= " ")
    .join("")
    .slice(0, 300);

const timeOf = (now: Date): string => `${now.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}+0000`;

/**
 * The answer to a message, in the sender's own delimiters and character set (its fields go back byte for byte).
 *
 * @see HL7 v2.5.1 §2.9.2 (original mode), §2.15 (MSA, ERR)
 */
export function acknowledgement(
  envelope: Envelope | undefined,
  answer: Answer,
  own: { id: string; now: Date },
): Buffer {
  const d = envelope?.delimiters ?? STANDARD;
  const msh = (field: number) => echoed(envelope?.msh(field) ?? "");
  const [, event = ""] = msh(9).split(d.component);
  const type = event ? ["ACK", event, "ACK"].join(d.component) : "ACK";
  const encoding = `${d.component}${d.repetition}${d.escape}${d.subcomponent}`;
  const head = [
    "MSH",
    encoding,
    msh(5),
    msh(6),
    msh(3),
    msh(4),
    timeOf(own.now),
    "",
    type,
    own.id,
    msh(11) || "P",
    msh(12) || "2.5.1",
  ];
  const charset = msh(18);
  const lines = [
    [...head, ...(charset ? ["", "", "", "", "", charset] : [])].join(d.field),
    ["MSA", answer.code, msh(10)].join(d.field),
    ...(answer.code === "AA" ? [] : [errorOf(answer, d)]),
  ];
  return Buffer.from(`${lines.join("\r")}\r`, "latin1");
}

function errorOf(answer: Exclude<Answer, { code: "AA" }>, d: Delimiters): string {
  const place = answer.place?.split("^").join(d.component) ?? "";
  const condition = [String(answer.condition), CONDITIONS[answer.condition], "HL70357"].join(d.component);
  return ["ERR", "", place, condition, "E", "", "", "", escaped(answer.sentence, d)].join(d.field);
}
