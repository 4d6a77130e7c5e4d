"use client";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

export type Receiver = Outputs["referral"]["findReceivers"]["people"][number];
type Props = {
  chosen: Receiver | undefined;
  trustNames: ReadonlyMap<string, string>;
  onChoose(receiver: Receiver | undefined): void;
};

const SHORTEST = 2;

/** Somebody of the region, by name. */
export function ChooseReceiver({ chosen, trustNames, onChoose }: Props) {
  const trpc = useTRPC();
  const [words, setWords] = useState("");
  const asked = useDeferredValue(words.trim());
  const found = useQuery(
    trpc.referral.findReceivers.queryOptions(
      { words: asked },
      { enabled: asked.length >= SHORTEST && !chosen },
    ),
  );
  const placeOf = ({ organisation }: Receiver) => trustNames.get(organisation) ?? organisation;
  if (chosen)
    return (
      <p className="flex flex-wrap items-center gap-3">
        <span>
          To <strong>{chosen.displayName}</strong>, {placeOf(chosen)}
        </span>
        <Button onClick={() => onChoose(undefined)}>Choose somebody else</Button>
      </p>
    );
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="To whom"
        hint="Part of their name. Who reports or treats, and has signed in to Weald once, is found."
        value={words}
        maxLength={60}
        autoComplete="off"
        onChange={(event) => setWords(event.target.value)}
      />
      <div role="status">
        {found.isFetching ? "Looking …" : null}
        {found.data?.people.length === 0 && !found.isFetching ? "Nobody of that name is known here." : null}
        {found.data?.isCut ? "There are more: type more of the name." : null}
      </div>
      <Failed title="They couldn't be looked up" error={found.error} />
      <ul className="flex flex-col gap-1">
        {asked.length >= SHORTEST
          ? found.data?.people.map((person) => (
              <li key={person.personId}>
                <Button onClick={() => onChoose(person)}>
                  {person.displayName}, {placeOf(person)}
                </Button>
              </li>
            ))
          : null}
      </ul>
    </div>
  );
}
