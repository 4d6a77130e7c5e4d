"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import { asDate } from "./dates.ts";
import { errorText } from "./error-text.ts";
import { nameOf, spacedNhsNumber } from "./patient-banner.tsx";
import { type Asked, askedIn } from "./search-words.ts";
import { type ApiError, useTRPCClient } from "./trpc.tsx";
import { useIsHere } from "./use-is-here.ts";

type Hit = { href: string; text: string };
type Found = { hits: Hit[]; says: string };
type Client = ReturnType<typeof useTRPCClient>;

const person = (found: Awaited<ReturnType<Client["patient"]["lookUp"]["mutate"]>>): Hit[] =>
  found.candidates.map((one) => ({
    href: `/patients/${one.patientId}`,
    text: [
      nameOf(one),
      asDate(one.birthDate),
      one.nhsNumber ? `NHS ${spacedNhsNumber(one.nhsNumber)}` : "no NHS number",
    ].join(" · "),
  }));

async function hitsFor(client: Client, asked: Exclude<Asked, { by: "nothing" }>): Promise<Hit[]> {
  if (asked.by === "nhs-number") return person(await client.patient.lookUp.mutate(asked));
  if (asked.by === "accession-number") {
    const { studies } = await client.timeline.findNumbered.mutate(asked);
    return studies.map(({ studyId, custodian }) => ({
      href: `/studies/${studyId}`,
      text: `Study ${asked.accessionNumber} of ${custodian}`,
    }));
  }
  const { birthDates, ...name } = asked;
  for (const birthDate of birthDates) {
    const hits = person(await client.patient.lookUp.mutate({ ...name, birthDate }));
    if (hits.length > 0) return hits;
  }
  return [];
}

const sayOf = (count: number): string =>
  count === 0
    ? "Nobody is known by that, or it isn't yours to see. Check the number or the spelling."
    : `${count} found. Choose one.`;

function useSearch() {
  const client = useTRPCClient();
  const router = useRouter();
  const [found, setFound] = useState<Found>();
  const [isBusy, setIsBusy] = useState(false);
  async function ask(typed: string): Promise<void> {
    const asked = askedIn(typed, new Date());
    if (asked.by === "nothing") return setFound({ hits: [], says: asked.why });
    setIsBusy(true);
    try {
      const hits = await hitsFor(client, asked);
      const [only] = hits;
      if (hits.length === 1 && only) {
        setFound(undefined);
        return router.push(only.href);
      }
      setFound({ hits, says: sayOf(hits.length) });
    } catch (error) {
      setFound({ hits: [], says: errorText(error as ApiError) });
    } finally {
      setIsBusy(false);
    }
  }
  return { found, isBusy, ask, close: () => setFound(undefined) };
}

function Answer({ found, onChosen }: { found: Found; onChosen(): void }) {
  const router = useRouter();
  return (
    <div className="absolute top-full right-0 z-40 mt-1 w-full min-w-72 rounded border border-line bg-panel p-2 text-ink shadow-lg">
      <p role="status" className="px-1 text-sm">
        {found.says}
      </p>
      {found.hits.length > 0 ? (
        <ul className="mt-1">
          {found.hits.map(({ href, text }) => (
            <li key={href}>
              <button
                type="button"
                className="w-full rounded px-1 py-1.5 text-left text-accent underline-offset-2 hover:bg-raised hover:underline"
                onClick={() => {
                  onChosen();
                  router.push(href);
                }}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** One box for who or what one looks for. Enter opens the only hit; nothing that was typed lands in the address. */
export function SearchBox() {
  const id = useId();
  const isHere = useIsHere();
  const { found, isBusy, ask, close } = useSearch();
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void ask(String(new FormData(event.currentTarget).get("typed") ?? ""));
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
  };
  return (
    <search className="relative min-w-0" aria-label="Find a patient or a study">
      <form onSubmit={onSubmit} onKeyDown={onKeyDown}>
        <label htmlFor={id} className="sr-only">
          NHS number, name with date of birth, or accession number
        </label>
        <input
          id={id}
          name="typed"
          type="search"
          autoComplete="off"
          spellCheck={false}
          disabled={!isHere}
          aria-busy={isBusy}
          placeholder="NHS no, SMITH John 3/4/61, accession"
          className="min-h-9 w-72 max-w-full rounded border border-field bg-panel px-2.5 py-1 text-ink placeholder:text-muted"
        />
      </form>
      {found ? <Answer found={found} onChosen={close} /> : null}
    </search>
  );
}
