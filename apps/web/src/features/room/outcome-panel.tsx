"use client";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Badge } from "#features/shell/badge.tsx";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { SelectField, TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { makePdf } from "#features/shell/pdf.ts";
import { useTRPC } from "#features/shell/trpc.tsx";
import { keepFile } from "#viewer/annotations/picture.ts";
import { letterOf, stagingText } from "./letter.ts";
import { type ShownCase, useReread } from "./shown-case.ts";
import { TextArea } from "./text-area.tsx";

type Outcome = NonNullable<ShownCase["outcome"]>;
type Staged = NonNullable<Outcome["staging"]>;
type Words = { kind: Outcome["kind"]; decision: string; staging: Staged; deferralReason: string };
type Of = { shown: ShownCase };

const KINDS = { decided: "Decided", deferred: "Deferred", "not-discussed": "Not discussed" } as const;
const OPINIONS = {
  agrees: "Agrees with the reports",
  "differs-minor": "Differs from the report: minor",
  "differs-major": "Differs from the report: major",
} as const;
const CHANGED = {
  "report-amended": "A report was amended",
  "study-corrected": "A study was corrected",
  "images-after": "Images came",
} as const;
const NO_STAGING: Staged = { prefix: "", t: "", n: "", m: "", stage: "", edition: "" };
const PREFIXES = ["", "c", "p", "yc", "yp", "r"] as const;
const OUTCOMES = ["decided", "deferred", "not-discussed"] as const;
const OPINION_CODES = ["agrees", "differs-minor", "differs-major"] as const;

const wordsOf = (outcome: Outcome | undefined): Words => ({
  kind: outcome?.kind ?? "decided",
  decision: outcome?.decision ?? "",
  staging: outcome?.staging ?? NO_STAGING,
  deferralReason: outcome?.deferralReason ?? "",
});
const isSame = (a: Words, b: Words) => JSON.stringify(a) === JSON.stringify(b);

/** What is typed, under the version it was typed upon. What somebody else saved meanwhile stands beside it, never over it. */
function useDraft({ shown }: Of) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const { outcome } = shown;
  const [base, setBase] = useState({ version: outcome?.version ?? 0, words: wordsOf(outcome) });
  const [words, setWords] = useState(base.words);
  const [theirs, setTheirs] = useState<Outcome>();
  const isTouched = !isSame(words, base.words);
  const stands = outcome?.version ?? 0;
  useEffect(() => {
    // What is older than this window knows is an answer that was overtaken.
    if (stands <= base.version) return;
    const now = wordsOf(outcome);
    // Somebody else saved other words: where something is typed here they stand beside it, else they are shown.
    if (isTouched && !isSame(now, base.words)) return setTheirs(outcome);
    setBase({ version: stands, words: now });
    if (!isTouched) setWords(now);
  }, [stands, base, isTouched, outcome]);
  const save = useMutation(
    trpc.room.saveOutcome.mutationOptions({
      onSuccess({ isKept, outcome: now }) {
        if (isKept) {
          setBase({ version: now?.version ?? 0, words: wordsOf(now) });
          setWords(wordsOf(now));
          setTheirs(undefined);
        } else setTheirs(now);
        void reread();
      },
    }),
  );
  /** The typed words go on, upon theirs. */
  const goOn = () => {
    setBase({ version: theirs?.version ?? 0, words: wordsOf(theirs) });
    setTheirs(undefined);
  };
  const takeTheirs = () => {
    goOn();
    setWords(wordsOf(theirs));
  };
  return { words, setWords, isTouched, base, theirs, save, goOn, takeTheirs };
}

type Draft = ReturnType<typeof useDraft>;

function Staging({ words, setWords }: Pick<Draft, "words" | "setWords">) {
  const { staging } = words;
  const set = (more: Partial<Staged>) => setWords({ ...words, staging: { ...staging, ...more } });
  return (
    <fieldset className="grid grid-cols-3 gap-2">
      <legend className="text-[0.8125rem] font-medium text-muted">Staging</legend>
      <SelectField
        label="Prefix"
        value={staging.prefix}
        onChange={({ target }) => set({ prefix: PREFIXES.find((one) => one === target.value) ?? "" })}
      >
        {PREFIXES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      {(["t", "n", "m"] as const).map((field) => (
        <TextField
          key={field}
          label={field.toUpperCase()}
          value={staging[field]}
          maxLength={12}
          onChange={({ target }) => set({ [field]: target.value })}
        />
      ))}
      <TextField
        label="Stage"
        value={staging.stage}
        maxLength={20}
        onChange={({ target }) => set({ stage: target.value })}
      />
      <TextField
        label="Edition"
        value={staging.edition}
        maxLength={20}
        onChange={({ target }) => set({ edition: target.value })}
      />
    </fieldset>
  );
}

function Conflict({ draft: { theirs, goOn, takeTheirs } }: { draft: Draft }) {
  if (!theirs) return null;
  return (
    <Notice tone="amber" title={`${theirs.changedBy} changed this outcome while you typed`}>
      <p>Theirs, as it stands now:</p>
      <p className="whitespace-pre-wrap font-semibold">
        {theirs.kind === "decided" ? theirs.decision : theirs.deferralReason} {stagingText(theirs.staging)}
      </p>
      <p>Yours is below, as you typed it.</p>
      <p className="mt-2 flex flex-wrap gap-3">
        <Button onClick={goOn}>Go on with mine</Button>
        <Button onClick={takeTheirs}>Take theirs</Button>
      </p>
    </Notice>
  );
}

function Writing({ shown }: Of) {
  const draft = useDraft({ shown });
  const { words, setWords, isTouched, base, save, theirs } = draft;
  return (
    <>
      <Conflict draft={draft} />
      <SelectField
        label="Outcome"
        value={words.kind}
        onChange={({ target }) =>
          setWords({ ...words, kind: OUTCOMES.find((one) => one === target.value) ?? "decided" })
        }
      >
        {OUTCOMES.map((kind) => (
          <option key={kind} value={kind}>
            {KINDS[kind]}
          </option>
        ))}
      </SelectField>
      {words.kind === "decided" ? (
        <>
          <TextArea
            label="Decision"
            value={words.decision}
            maxLength={4000}
            onChange={({ target }) => setWords({ ...words, decision: target.value })}
          />
          <Staging words={words} setWords={setWords} />
        </>
      ) : (
        <TextArea
          label="Why"
          value={words.deferralReason}
          maxLength={1000}
          onChange={({ target }) => setWords({ ...words, deferralReason: target.value })}
        />
      )}
      <p className="flex items-center gap-3">
        <Button
          tone="main"
          disabled={!isTouched || save.isPending || theirs !== undefined}
          onClick={() => save.mutate({ caseId: shown.caseId, version: base.version, words })}
        >
          Save the outcome
        </Button>
        <span role="status">{isTouched ? "Not saved yet" : base.version > 0 ? "Saved" : ""}</span>
      </p>
      {save.error ? <p role="alert">{errorText(save.error)}</p> : null}
      <Sign shown={shown} isTouched={isTouched} />
    </>
  );
}

function Sign({ shown, isTouched }: Of & { isTouched: boolean }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [why, setWhy] = useState("");
  const sign = useMutation(trpc.room.signOutcome.mutationOptions({ onSuccess: reread }));
  const { outcome, present } = shown;
  if (!shown.may.sign) return null;
  const pinned = shown.studies.filter(({ isPinned }) => isPinned);
  const seen = pinned.length > 0 ? pinned : shown.studies.slice(0, 20);
  const isShort = !present.quorum.isMet && outcome?.kind === "decided";
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-3">
      <p className="text-sm">
        Signing fixes what was seen (
        {seen.map(({ name, date }) => `${name}, ${asDate(date)}`).join("; ") || "nothing"}
        ), and who is present ({present.people.map(({ name }) => name).join(", ") || "nobody noted"}).
      </p>
      {isShort ? (
        <TextField
          label={`No quorum: ${present.quorum.missing.join(", ")}. Why it stands`}
          value={why}
          maxLength={500}
          onChange={({ target }) => setWhy(target.value)}
        />
      ) : null}
      <p>
        <Button
          tone="main"
          disabled={!outcome || isTouched || sign.isPending || (isShort && why.trim().length < 3)}
          onClick={() =>
            sign.mutate({
              ...{ caseId: shown.caseId, version: outcome?.version ?? 0 },
              studyIds: seen.map(({ studyId }) => studyId),
              ...(isShort ? { withoutQuorum: why } : {}),
            })
          }
        >
          Sign as chair
        </Button>
      </p>
      {sign.error ? <p role="alert">{errorText(sign.error)}</p> : null}
    </div>
  );
}

function Actions({ shown }: Of) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [what, setWhat] = useState("");
  const [owner, setOwner] = useState("");
  const [dueOn, setDueOn] = useState("");
  const save = useMutation(
    trpc.room.saveAction.mutationOptions({
      onSuccess({ isKept }, { version }) {
        if (isKept && version === 0) setWhat("");
        void reread();
      },
    }),
  );
  const actions = shown.outcome?.actions ?? [];
  const isSigned = shown.outcome?.signed !== undefined;
  const member = shown.members.find(({ personId }) => personId === owner);
  const words = {
    ...{ what, owner: member?.name ?? owner, dueOn: dueOn || undefined },
    ownerId: member?.personId,
  };
  return (
    <section aria-label="Actions" className="flex flex-col gap-2 border-t border-line pt-3">
      <h3>Actions</h3>
      <ul className="flex flex-col gap-1">
        {actions.map((action) => (
          <li key={action.id} className="flex flex-wrap items-baseline gap-3">
            <span>
              {action.what}: <strong>{action.owner}</strong>
              {action.dueOn ? `, by ${asDate(action.dueOn)}` : ""}
            </span>
            {action.doneAt ? <Badge tone="green">Done</Badge> : null}
            {isSigned ? null : (
              <Button
                disabled={save.isPending}
                onClick={() =>
                  save.mutate({
                    ...{ caseId: shown.caseId, actionId: action.id, version: action.version },
                    words: {
                      ...{ what: action.what, owner: action.owner, ownerId: action.ownerId },
                      ...{ dueOn: action.dueOn, isRemoved: true },
                    },
                  })
                }
              >
                Take off
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isSigned ? null : (
        <div className="grid gap-2 sm:grid-cols-3">
          <TextField
            label="What"
            value={what}
            maxLength={500}
            onChange={({ target }) => setWhat(target.value)}
          />
          <SelectField label="Who" value={owner} onChange={({ target }) => setOwner(target.value)}>
            <option value="">Choose</option>
            {shown.members.map(({ personId, name }) => (
              <option key={personId} value={personId}>
                {name}
              </option>
            ))}
            <option value="The GP">The GP</option>
            <option value="The referrer">The referrer</option>
          </SelectField>
          <TextField label="By" type="date" value={dueOn} onChange={({ target }) => setDueOn(target.value)} />
          <p>
            <Button
              disabled={!what.trim() || !owner || save.isPending}
              onClick={() =>
                save.mutate({ caseId: shown.caseId, actionId: crypto.randomUUID(), version: 0, words })
              }
            >
              Add the action
            </Button>
          </p>
        </div>
      )}
      {save.data && !save.data.isKept ? (
        <p role="alert">Somebody changed that action meanwhile; it is shown as it stands.</p>
      ) : null}
      {save.error ? <p role="alert">{errorText(save.error)}</p> : null}
    </section>
  );
}

function Opinion({ shown }: Of) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [opinion, setOpinion] = useState<keyof typeof OPINIONS>("agrees");
  const [words, setWords] = useState("");
  const reported = shown.studies.filter(({ isReported }) => isReported);
  const [studyId, setStudyId] = useState(reported[0]?.studyId ?? "");
  const give = useMutation(trpc.room.giveOpinion.mutationOptions({ onSuccess: reread }));
  const { outcome } = shown;
  const differs = opinion !== "agrees";
  return (
    <section aria-label="The reviewer's opinion" className="flex flex-col gap-2 border-t border-line pt-3">
      <h3>The reviewer's opinion, apart from the decision</h3>
      {outcome?.opinion ? (
        <p>
          {outcome.opinionBy}: {OPINIONS[outcome.opinion]}. {outcome.opinionWords}
        </p>
      ) : null}
      {outcome?.differences.map(({ id, closedAt, grade }) => (
        <p key={id}>
          <Badge tone={closedAt ? "green" : "amber"}>
            {closedAt
              ? "The report's addendum has come"
              : `Asked of the reporter (${grade}), no addendum yet`}
          </Badge>
        </p>
      ))}
      {shown.may.review && !outcome?.signed ? (
        <>
          <SelectField
            label="Opinion"
            value={opinion}
            onChange={({ target }) =>
              setOpinion(OPINION_CODES.find((one) => one === target.value) ?? "agrees")
            }
          >
            {OPINION_CODES.map((one) => (
              <option key={one} value={one}>
                {OPINIONS[one]}
              </option>
            ))}
          </SelectField>
          {differs ? (
            <SelectField
              label="From the report of"
              value={studyId}
              onChange={({ target }) => setStudyId(target.value)}
            >
              {reported.map((study) => (
                <option key={study.studyId} value={study.studyId}>
                  {study.name}, {asDate(study.date)}, {study.trust}
                </option>
              ))}
            </SelectField>
          ) : null}
          <TextArea
            label="In words"
            rows={2}
            value={words}
            maxLength={2000}
            onChange={({ target }) => setWords(target.value)}
          />
          <p>
            <Button
              disabled={give.isPending || (differs && (words.trim().length < 3 || !studyId))}
              onClick={() =>
                give.mutate({ caseId: shown.caseId, opinion, words, ...(differs ? { studyId } : {}) })
              }
            >
              Give the opinion
            </Button>
          </p>
        </>
      ) : null}
      {give.error ? <p role="alert">{errorText(give.error)}</p> : null}
    </section>
  );
}

function Addenda({ shown, outcome }: Of & { outcome: Outcome }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [words, setWords] = useState("");
  const add = useMutation(
    trpc.room.addAddendum.mutationOptions({
      onSuccess() {
        setWords("");
        void reread();
      },
    }),
  );
  return (
    <>
      {outcome.addenda.map((addendum) => (
        <Notice
          key={addendum.id}
          tone="info"
          title={`Addendum, ${addendum.writtenBy}, ${asMoment(addendum.writtenAt)}`}
        >
          <p className="whitespace-pre-wrap">{addendum.words}</p>
        </Notice>
      ))}
      <TextArea
        label="Addendum"
        rows={2}
        value={words}
        maxLength={4000}
        onChange={({ target }) => setWords(target.value)}
      />
      <p>
        <Button
          disabled={words.trim().length < 3 || add.isPending}
          onClick={() => add.mutate({ caseId: shown.caseId, words })}
        >
          Add the addendum
        </Button>
      </p>
      {add.error ? <p role="alert">{errorText(add.error)}</p> : null}
    </>
  );
}

function Deliveries({
  shown,
  outcome,
  isDemonstration,
}: Of & { outcome: Outcome; isDemonstration: boolean }) {
  const trpc = useTRPC();
  const reread = useReread(shown.caseId);
  const [channel, setChannel] = useState<"gp" | "record">("gp");
  const [recipient, setRecipient] = useState("");
  const [by, setBy] = useState("");
  const read = useMutation(
    trpc.room.readLetter.mutationOptions({
      onSuccess: async (letter) => keepFile(await makePdf(letterOf(letter, isDemonstration)), "outcome.pdf"),
    }),
  );
  const send = useMutation(trpc.room.noteSent.mutationOptions({ onSuccess: reread }));
  const acknowledge = useMutation(trpc.room.noteAcknowledged.mutationOptions({ onSuccess: reread }));
  const error = read.error ?? send.error ?? acknowledge.error;
  return (
    <section aria-label="Letter" className="flex flex-col gap-2 border-t border-line pt-3">
      <h3>Letter</h3>
      <p>
        <Button disabled={read.isPending} onClick={() => read.mutate({ caseId: shown.caseId })}>
          Letter (PDF)
        </Button>
      </p>
      <ul className="flex flex-col gap-1">
        {outcome.deliveries.map((one) => (
          <li key={one.id} className="flex flex-wrap items-baseline gap-3">
            <span>
              {one.channel === "gp" ? "GP" : "Record"}: {one.recipient}, {asMoment(one.sentAt)}
            </span>
            {one.acknowledgedAt ? (
              <Badge tone="green">Acknowledged by {one.acknowledgedBy}</Badge>
            ) : (
              <>
                <Badge tone="amber">Not acknowledged</Badge>
                <Button
                  disabled={by.trim().length < 2 || acknowledge.isPending}
                  onClick={() => acknowledge.mutate({ caseId: shown.caseId, deliveryId: one.id, by })}
                >
                  Acknowledged
                </Button>
              </>
            )}
            {one.addenda < outcome.addenda.length ? (
              <Badge tone="amber">Sent before the newest addendum</Badge>
            ) : null}
          </li>
        ))}
      </ul>
      {outcome.deliveries.length === 0 ? <Badge tone="amber">Not sent to record or GP</Badge> : null}
      <div className="grid gap-2 sm:grid-cols-3">
        <SelectField
          label="Sent to"
          value={channel}
          onChange={({ target }) => setChannel(target.value === "gp" ? "gp" : "record")}
        >
          <option value="gp">GP</option>
          <option value="record">Record</option>
        </SelectField>
        <TextField
          label="Who received it"
          value={recipient}
          maxLength={200}
          onChange={({ target }) => setRecipient(target.value)}
        />
        <TextField
          label="Who acknowledged it"
          value={by}
          maxLength={200}
          onChange={({ target }) => setBy(target.value)}
        />
      </div>
      <p>
        <Button
          disabled={recipient.trim().length < 2 || send.isPending}
          onClick={() => send.mutate({ caseId: shown.caseId, channel, recipient })}
        >
          Note that it was sent
        </Button>
      </p>
      {error ? <p role="alert">{errorText(error)}</p> : null}
    </section>
  );
}

function Signed({ shown, outcome, isDemonstration }: Of & { outcome: Outcome; isDemonstration: boolean }) {
  const { signed } = outcome;
  return (
    <>
      <p>
        <Badge tone="green">
          Signed by {signed?.by}, {asMoment(signed?.at)}
        </Badge>
      </p>
      {outcome.changes.map(({ kind, foundAt, subjectId, version }) => (
        <Notice
          key={`${kind} ${subjectId} ${version}`}
          tone="amber"
          title={`${CHANGED[kind]} after signing, ${asMoment(foundAt)}`}
        />
      ))}
      <p className="whitespace-pre-wrap">
        <strong>{KINDS[outcome.kind]}:</strong>{" "}
        {outcome.kind === "decided" ? outcome.decision : outcome.deferralReason}
      </p>
      {stagingText(outcome.staging) ? <p>{stagingText(outcome.staging)}</p> : null}
      <p className="text-sm">
        Present: {signed?.present.people.map(({ name }) => name).join(", ") || "nobody was noted"}. Seen:{" "}
        {signed?.fixed.studies.length} studies, {signed?.fixed.reports.length} reports, as they stood then.
      </p>
      <Addenda shown={shown} outcome={outcome} />
      <Deliveries shown={shown} outcome={outcome} isDemonstration={isDemonstration} />
    </>
  );
}

/** What the meeting decides of a case: written beside the images, signed by its chair, then changed by addenda only. */
export function OutcomePanel({ shown, isDemonstration }: Of & { isDemonstration: boolean }) {
  const { outcome } = shown;
  return (
    <section aria-label="Outcome" className="flex flex-col gap-3">
      <h2>Outcome</h2>
      {outcome?.signed ? (
        <Signed shown={shown} outcome={outcome} isDemonstration={isDemonstration} />
      ) : (
        <Writing key={shown.caseId} shown={shown} />
      )}
      <Actions key={`actions ${shown.caseId}`} shown={shown} />
      <Opinion key={`opinion ${shown.caseId}`} shown={shown} />
    </section>
  );
}
