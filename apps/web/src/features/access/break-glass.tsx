"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { signInAgain } from "#features/identity/sign-in-again.ts";
import { Button } from "#features/shell/button.tsx";
import { errorText } from "#features/shell/error-text.ts";
import { TextField } from "#features/shell/field.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { type Inputs, useTRPC } from "#features/shell/trpc.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { useRenewed } from "./use-renewed.ts";

type Reason = Inputs["access"]["breakGlass"]["reason"];

const REASONS: { reason: Reason; text: string }[] = [
  { reason: "life-at-risk", text: "A life is at risk" },
  { reason: "urgent-care", text: "Urgent care can't wait" },
  { reason: "patient-asks", text: "The patient is here and asks me to look" },
  { reason: "duty-to-protect", text: "A duty to protect somebody" },
  { reason: "other", text: "Another reason, in words" },
];

/** Two inputs: the reason, and a fresh sign-in. It opens one patient for four hours, and the privacy officer is told at once. */
export function BreakGlass({ patientId }: { patientId: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const isHere = useIsHere();
  const [words, setWords] = useState("");
  const [isProving, setIsProving] = useState(false);
  const asked = useRef<Reason>(undefined);
  const [isOpening, open] = useTransition();
  const { mutate, error, isPending } = useMutation(
    trpc.access.breakGlass.mutationOptions({
      onSuccess: () => open(() => router.refresh()),
      onError(failed) {
        if (failed.data?.weald?.reason !== "fresh-sign-in") return;
        setIsProving(true);
        signInAgain();
      },
    }),
  );
  const isStale = error?.data?.weald?.reason === "fresh-sign-in";
  const ask = (reason: Reason) => {
    asked.current = reason;
    mutate({ patientId, reason, words });
  };
  // Whoever has proved who they are needn't choose the reason again.
  useRenewed(() => {
    if (!isProving || !asked.current) return;
    setIsProving(false);
    mutate({ patientId, reason: asked.current, words });
  });
  const first = useRef<HTMLHeadingElement>(null);
  useEffect(() => first.current?.focus(), []);
  const isBusy = isPending || isOpening || !isHere;
  return (
    <section aria-labelledby="break-glass" className="flex max-w-xl flex-col gap-3">
      <h2 id="break-glass" ref={first} tabIndex={-1}>
        Break the glass
      </h2>
      <p>
        Where care can't wait, all that the region holds on this patient opens to you for four hours. Choose
        why and sign in once more. The privacy officer of your trust is told at once, and the patient can see
        that you looked.
      </p>
      <TextField
        label="In a few words (needed for another reason)"
        value={words}
        maxLength={500}
        onChange={(event) => setWords(event.target.value)}
      />
      <ul className="flex flex-col gap-2">
        {REASONS.map(({ reason, text }) => (
          <li key={reason}>
            <Button
              tone="danger"
              className="w-full !justify-start text-left"
              disabled={isBusy || (reason === "other" && words.trim().length < 10)}
              onClick={() => ask(reason)}
            >
              {text}
            </Button>
          </li>
        ))}
      </ul>
      {isProving && isStale ? (
        <Notice tone="info" title="Prove who you are">
          <p>Sign in in the window that opened. This page goes on by itself.</p>
          <Button className="mt-2" onClick={signInAgain}>
            Open the window again
          </Button>
        </Notice>
      ) : null}
      {isOpening ? <p role="status">Opening …</p> : null}
      {error && !isStale ? (
        <Notice tone="danger" title="The glass did not break">
          {errorText(error)}
        </Notice>
      ) : null}
    </section>
  );
}
