import Link from "next/link";
import { Badge, type Tone } from "#features/shell/badge.tsx";
import { asMoment } from "#features/shell/dates.ts";
import type { Outputs } from "#features/shell/trpc.tsx";
import { VERB_WORDS } from "./event-question.ts";

type List = Outputs["review"]["listEvents"];
type Event = List["events"][number];
type Patient = List["patients"][number];
type Props = {
  events: readonly Event[];
  patients: readonly Patient[];
  /** Of staff, by id. */
  names: Readonly<Record<string, string>>;
  organisations: Outputs["organisation"]["list"];
};

const OUTCOME: Record<Event["outcome"], { tone: Tone; words: string }> = {
  success: { tone: "info", words: "done" },
  denied: { tone: "amber", words: "refused" },
  failure: { tone: "danger", words: "failed" },
};
const COLUMNS = ["When", "Who", "For", "What", "Patient", "Held by", "From where", "Came of it"];

function Whose({ event, patient }: { event: Event; patient: Patient | undefined }) {
  if (!event.patientId) return <>none</>;
  if (!patient) return <>of another trust</>;
  return (
    <Link href={`/patients/${event.patientId}`} prefetch={false} className="underline underline-offset-2">
      {patient.family.toUpperCase()}, {patient.given}
    </Link>
  );
}

const whatOf = ({ verb, action }: Event) =>
  `${Object.entries(VERB_WORDS).find(([one]) => one === verb)?.[1] ?? verb} (${action})`;
const placeOf = ({ fromAddress, fromSystem, door }: Event) =>
  [fromSystem, fromAddress ?? "address not known", `by ${door}`].filter(Boolean).join(", ");

/** Names of patients are shown of one's own trust alone; staff by name where they have signed in here. */
export function EventTable({ events, patients, names, organisations }: Props) {
  const trustNames = new Map(organisations.map(({ odsCode, name }) => [odsCode, name]));
  const nameOf = (odsCode: string | null) => (odsCode ? (trustNames.get(odsCode) ?? odsCode) : "");
  const patientOf = new Map(patients.map((one) => [one.patientId, one]));
  if (events.length === 0)
    return <p className="px-4 py-10 text-center text-muted">Nothing on record matches this.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="overflow-x-auto" aria-label="Events" tabIndex={0}>
      <table className="w-full text-left text-sm">
        <caption className="sr-only">Events of the audit, newest first</caption>
        <thead>
          <tr className="border-b border-line">
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className="px-3 py-2 font-semibold">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id} className="border-b border-line align-top">
              <td className="px-3 py-2 whitespace-nowrap">{asMoment(event.at)}</td>
              <td className="px-3 py-2">
                {names[event.actorId] ?? event.actorId}
                {event.role ? `, ${event.role}` : ""}
              </td>
              <td className="px-3 py-2">{nameOf(event.organisation)}</td>
              <td className="px-3 py-2">{whatOf(event)}</td>
              <td className="px-3 py-2">
                <Whose event={event} patient={patientOf.get(event.patientId ?? "")} />
              </td>
              <td className="px-3 py-2">{nameOf(event.custodian)}</td>
              <td className="px-3 py-2">{placeOf(event)}</td>
              <td className="px-3 py-2">
                <Badge tone={OUTCOME[event.outcome].tone}>{OUTCOME[event.outcome].words}</Badge>
                {event.reason ? ` ${event.reason}` : ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
