import type { TakenIdentity, TakenRequest } from "./api.ts";

const ESCAPES: Record<string, string> = { "|": "F", "^": "S", "&": "T", "~": "R", "\\": "E", "\n": ".br" };

/** @see HL7 v2.5.1 §2.7 (use of escape sequences) */
const escaped = (text: string | null | undefined): string =>
  (text ?? "").replaceAll(/[|^&~\\\n]/g, (sign) => `\\${ESCAPES[sign]}\\`).replaceAll(/[\0-\x1f]/g, " ");

/** HL7 TS with milliseconds, in UTC. */
const timeOf = (iso: string): string => `${iso.replaceAll(/[-:T]/g, "").replace("Z", "").slice(0, 18)}+0000`;

/** Order control (table 0119) and status (table 0038) of which that state is read. */
const STATES: Record<string, readonly [control: string, status: string]> = {
  requested: ["NW", ""],
  booked: ["NW", "SC"],
  arrived: ["SC", "IP"],
  acquired: ["SC", "CM"],
  cancelled: ["CA", "CA"],
};
/** Table 0485 (extended priority). */
const PRIORITIES: Record<string, string> = { stat: "S", urgent: "A", "two-week-wait": "T", routine: "R" };

function segment(name: string, fields: Record<number, string>): string {
  const last = Math.max(...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_, index) => fields[index + 1] ?? "")].join("|");
}

/**
 * A request as a message that an archive takes in, so that it goes in again elsewhere by the way by which all requests come
 * (docs/hl7.md). Written when its newest word was said: at the other end nothing newer is overwritten. The same request makes
 * the same message.
 */
export function requestMessage(request: TakenRequest, identity: TakenIdentity): Uint8Array {
  const { custodian, localNumber, nhsNumber, family, given, middle, prefix } = identity;
  const said = timeOf(request.messageAt);
  const order = `${escaped(request.accessionNumber)}^${escaped(request.issuer)}`;
  const referrer = request.referrer ? `^${escaped(request.referrer)}` : "";
  const [control, status] = STATES[request.state] ?? ["NW", ""];
  const nhs = nhsNumber ? `~${escaped(nhsNumber)}^^^NHS^NH` : "";
  const lines = [
    `MSH|^~\\&|WEALD EXPORT|${escaped(custodian)}|WEALD|REGION|${said}||ORM^O01|R-${request.id}|P|2.5.1||||||UNICODE UTF-8`,
    segment("PID", {
      3: `${escaped(localNumber)}^^^${escaped(custodian)}^MR${nhs}`,
      5: [family, given, middle, "", prefix].map(escaped).join("^"),
      7: identity.birthDate?.replaceAll("-", "") ?? "",
      8: identity.sex ?? "",
    }),
    segment("ORC", {
      1: control,
      2: order,
      3: order,
      5: status,
      9: request.requestedAt ? timeOf(request.requestedAt) : "",
    }),
    segment("TQ1", { 1: "1", 9: PRIORITIES[request.priority] ?? "R" }),
    segment("OBR", {
      1: "1",
      2: order,
      3: order,
      4: `${escaped(request.procedureCode)}^${escaped(request.procedureText)}`,
      13: escaped(request.question),
      15: request.bodyPart ? `^^^${escaped(request.bodyPart)}^^${escaped(request.laterality)}` : "",
      16: referrer,
    }),
  ];
  return Buffer.from(`${lines.join("\r")}\r`, "utf8");
}
