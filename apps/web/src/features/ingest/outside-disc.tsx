"use client";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asDate, asMoment } from "#features/shell/dates.ts";
import { errorText } from "#features/shell/error-text.ts";
import { TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { spacedNhsNumber } from "#features/shell/patient-banner.tsx";
import { type Fact, SideBySide } from "#features/shell/side-by-side.tsx";
import { type ApiError, type Inputs, type Outputs, useTRPCClient } from "#features/shell/trpc.tsx";

type Disc = Outputs["ingest"]["listOutside"]["discs"][number];
type Decision = Inputs["ingest"]["confirmOutside"];
type Props = { disc: Disc; onDecided(uploadId: string, text: string): Promise<void> };

const LEAST_REASON = 5;
const SEX: Record<string, string> = { M: "male", F: "female", O: "other" };

const numbered = (count: number) => (count === 1 ? "1 image" : `${count} images`);
const nhs = (number: string | undefined) =>
  number && /^\d{10}$/.test(number) ? spacedNhsNumber(number) : number;
const sexOf = (sex: string | undefined) => (sex ? (SEX[sex] ?? sex) : undefined);

function factsOf({ chosen, said, sourceName }: Disc): Fact[] {
  const [chosenName, saidName] = [`${chosen.family}, ${chosen.given}`, said.name];
  const isSameName = chosenName.toUpperCase() === saidName?.toUpperCase();
  return [
    { name: "Name", left: chosenName, right: isSameName ? chosenName : saidName },
    {
      name: "Born",
      left: chosen.birthDate && asDate(chosen.birthDate),
      right: said.birthDate && asDate(said.birthDate),
    },
    { name: "Sex", left: sexOf(chosen.sex), right: sexOf(said.sex) },
    // Many discs carry none: that says nothing against them.
    {
      name: "NHS number",
      left: nhs(chosen.nhsNumber),
      right: nhs(said.nhsNumber),
      mayDiffer: !chosen.nhsNumber || !said.nhsNumber,
    },
    {
      name: "Local number",
      left: `${chosen.localNumber} (${chosen.custodian})`,
      right: said.localNumber && `${said.localNumber} (${said.issuer ?? sourceName})`,
      mayDiffer: true,
    },
  ];
}

const isApiError = (error: unknown): error is ApiError => error instanceof Error && "data" in error;

/** One identity that a disc states, beside the patient who was chosen (clinical page §20). */
export function OutsideDisc({ disc, onDecided }: Props) {
  const client = useTRPCClient();
  const [reason, setReason] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const { uploadId, identityKey, images, sourceName, since } = disc;

  async function decide(
    act: (decision: Decision) => Promise<{ images: number; isMore: boolean }>,
    text: string,
  ): Promise<void> {
    setIsBusy(true);
    setFailure(undefined);
    try {
      // A disc may hold thousands: so many at a time, until none is left.
      for (let isMore = true; isMore; )
        ({ isMore } = await act({ uploadId, identityKey, reason: reason.trim() }));
      await onDecided(uploadId, text);
    } catch (error) {
      setFailure(isApiError(error) ? errorText(error) : "That didn't work. Try it again.");
    } finally {
      setIsBusy(false);
    }
  }

  const isReady = reason.trim().length >= LEAST_REASON && !isBusy;
  const saidName = disc.said.name ?? "nobody";
  return (
    <li>
      <section
        aria-label={`Disc from ${sourceName} that names ${saidName}`}
        className="flex flex-col gap-3 rounded border border-line bg-panel px-4 py-3"
      >
        <p>
          <strong>{numbered(images)}</strong> from {sourceName}, added {asMoment(since)}
        </p>
        <SideBySide
          caption="The patient whom you chose, and whom the disc names"
          left="You chose"
          right="The disc says"
          facts={factsOf(disc)}
        />
        <div className="max-w-xl">
          <TextField
            label="Reason (kept on record)"
            hint="How you know: at least a few words."
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            tone="main"
            disabled={!isReady}
            onClick={() =>
              void decide(
                (decision) => client.ingest.confirmOutside.mutate(decision),
                `Confirmed: ${numbered(images)} on the way into the record.`,
              )
            }
          >
            It is the same person: take them in
          </Button>
          <Button
            tone="danger"
            disabled={!isReady}
            onClick={() =>
              void decide(
                (decision) => client.ingest.discardOutside.mutate(decision),
                `Discarded: ${numbered(images)}.`,
              )
            }
          >
            Discard these images
          </Button>
        </div>
        {failure ? (
          <Notice tone="danger" title="That didn't work">
            {failure}
          </Notice>
        ) : null}
      </section>
    </li>
  );
}
