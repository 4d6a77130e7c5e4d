"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Closed } from "./closed.tsx";
import { type MineView, mine, wordsOf } from "./mine-client.ts";
import { BigButton, BigField, Said, Title } from "./parts.tsx";
import { plainDay } from "./plain-names.ts";
import { studyName } from "./study-card.tsx";
import { useRenewal } from "./use-renewal.ts";
import { Ways } from "./ways.tsx";

const DAYS = [
  [7, "One week"],
  [30, "One month"],
  [90, "Three months"],
] as const;

function Choice({ label, isOn, onChange }: { label: string; isOn: boolean; onChange(): void }) {
  return (
    <label className="flex min-h-11 items-center gap-3">
      <input type="checkbox" checked={isOn} onChange={onChange} className="size-7 shrink-0" />
      {label}
    </label>
  );
}

function Form({ view }: { view: MineView }) {
  // One page makes one link, however often its answer is lost on the way.
  const [linkId] = useState(() => crypto.randomUUID());
  const open = view.studies.flatMap((study) => (study.state === "open" ? [study] : []));
  const [chosen, setChosen] = useState<readonly string[]>(() => open.map(({ studyId }) => studyId));
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [days, setDays] = useState<number>(30);
  const hasAnyReport = open.some(({ report }) => report.state !== "not-with-link");
  const [hasReport, setHasReport] = useState(hasAnyReport);
  const [mayDownload, setMayDownload] = useState(false);
  const isAll = chosen.length === view.studies.length;
  const pass = useMutation({
    mutationFn: () =>
      mine.passOn.mutate({
        ...{ linkId, name, address, days, hasReport, mayDownload },
        ...(isAll ? {} : { scopes: chosen.map((studyId) => ({ studyId })) }),
      }),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    pass.mutate();
  }
  if (pass.data)
    return (
      <Said tone="good">
        A link is on its way to {name}. It works until {plainDay(pass.data.endsAt)}. You see under “Who has
        looked” when they open it, and you can end it there.
      </Said>
    );
  return (
    <form onSubmit={submit} aria-label="Pass on" className="flex flex-col gap-5">
      <BigField
        label="Their name"
        hint="For example, Dr Lee, physiotherapist"
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
        maxLength={120}
      />
      <BigField
        label="Their e-mail address"
        hint="Look at it twice: whoever reads this mail box can open the link."
        type="email"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        autoComplete="off"
        maxLength={254}
      />
      <fieldset className="flex flex-col gap-1">
        <legend className="font-semibold">What they may see</legend>
        {open.map((study) => (
          <Choice
            key={study.studyId}
            label={`${studyName(study)}, ${plainDay(study.studyDate ?? study.studiedAt)}`}
            isOn={chosen.includes(study.studyId)}
            onChange={() =>
              setChosen(
                chosen.includes(study.studyId)
                  ? chosen.filter((one) => one !== study.studyId)
                  : [...chosen, study.studyId],
              )
            }
          />
        ))}
        {hasAnyReport ? (
          <Choice label="The report, too" isOn={hasReport} onChange={() => setHasReport((was) => !was)} />
        ) : null}
        {view.mayDownload ? (
          <Choice
            label="They may download them"
            isOn={mayDownload}
            onChange={() => setMayDownload((was) => !was)}
          />
        ) : null}
      </fieldset>
      <fieldset className="flex flex-col gap-1">
        <legend className="font-semibold">For how long</legend>
        {DAYS.map(([count, text]) => (
          <label key={count} className="flex min-h-11 items-center gap-3">
            <input
              type="radio"
              name="days"
              checked={days === count}
              onChange={() => setDays(count)}
              className="size-7 shrink-0"
            />
            {text}
          </label>
        ))}
        <p className="text-muted">
          Never longer than your own link, which works until {plainDay(view.endsAt)}.
        </p>
      </fieldset>
      <BigButton
        type="submit"
        disabled={name.trim().length < 2 || !address.includes("@") || chosen.length === 0 || pass.isPending}
      >
        {pass.isPending ? "Passing on …" : "Pass on"}
      </BigButton>
      {pass.error ? <Said tone="wrong">{wordsOf(pass.error)}</Said> : null}
    </form>
  );
}

/** To a clinician of one's choosing: what they see, for how long. It ends with one's own link. */
export function PassOn({ first }: { first: MineView }) {
  const { view, standing } = useRenewal(first);
  if (standing !== "open") return <Closed why={standing} />;
  return (
    <>
      <Title>Pass on to a doctor or nurse</Title>
      <p>
        They get a link of their own, by e-mail. It shows what you choose here and nothing else. You can end
        it at any time, and you see when it is opened.
      </p>
      <Form view={view} />
      <Ways view={view} at="pass-on" />
    </>
  );
}
