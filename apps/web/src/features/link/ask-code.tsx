"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { mine, wordsOf } from "./mine-client.ts";
import { NotMine } from "./not-mine.tsx";
import { BigButton, BigField, Said } from "./parts.tsx";
import type { Step } from "./step.ts";
import { tokenIn } from "./token-in.ts";

type Props = { token: string | undefined; onStep(step: Step): void };

const NOT_A_CODE =
  "This isn't the whole code of your link. It is what stands after the # in your message: 22 letters, numbers and signs.";

/** Asks for the one-time code, for a link that was tapped or for one that is typed. */
export function AskCode({ token, onStep }: Props) {
  const [typed, setTyped] = useState("");
  const [isShort, setIsShort] = useState(false);
  // Until then nobody knows whether a link was tapped, and the browser would send the form by itself.
  const isHere = useIsHere();
  const ask = useMutation({
    mutationFn: (asked: string) => mine.askCode.mutate({ token: asked }),
    onSuccess: (_said, asked) => onStep({ at: "code", token: asked }),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    const asked = token ?? tokenIn(typed);
    setIsShort(asked === undefined);
    if (asked) ask.mutate(asked);
  }
  return (
    <>
      <p>
        To keep it private, we first send you a code. It goes to the phone or e-mail that the hospital has for
        you.
      </p>
      <form onSubmit={submit} aria-label="Ask for a code" className="flex flex-col gap-4">
        {token || !isHere ? null : (
          <BigField
            label="Your link's code"
            hint="It stands after the # in your message. Type or paste it here."
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            maxLength={200}
          />
        )}
        <BigButton type="submit" disabled={!isHere || ask.isPending}>
          {ask.isPending ? "Sending …" : "Send me a code"}
        </BigButton>
        {isShort ? <Said tone="wrong">{NOT_A_CODE}</Said> : null}
        {ask.error ? <Said tone="wrong">{wordsOf(ask.error)}</Said> : null}
      </form>
      <NotMine token={token ?? tokenIn(typed)} onStep={onStep} />
      <details className="rounded-md border border-line bg-panel px-4 py-3">
        <summary className="cursor-pointer font-semibold">I would rather not tap a link</summary>
        <p className="mt-2">
          That is wise. Open the hospital's own website as you always do, follow “See my images” to this page,
          and type your link's code here.
        </p>
      </details>
    </>
  );
}
