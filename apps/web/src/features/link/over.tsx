"use client";
import { useMutation } from "@tanstack/react-query";
import { mine, wordsOf } from "./mine-client.ts";
import { BigButton, Said, Title } from "./parts.tsx";
import type { Step } from "./step.ts";

type Props = { token: string; onStep(step: Step): void };

function AskNewLink({ token, onStep }: Props) {
  const ask = useMutation({
    mutationFn: () => mine.askNewLink.mutate({ token }),
    onSuccess: () => onStep({ at: "new-link-asked" }),
  });
  return (
    <>
      <BigButton disabled={ask.isPending} onClick={() => ask.mutate()}>
        {ask.isPending ? "Asking …" : "Ask for a new link"}
      </BigButton>
      {ask.error ? <Said tone="wrong">{wordsOf(ask.error)}</Said> : null}
    </>
  );
}

export const Locked = (props: Props) => (
  <>
    <Title>This link is locked</Title>
    <p role="alert">There were too many wrong codes. We locked the link to keep your images safe.</p>
    <p>You have done nothing wrong. The person who sent it has been told, and you can ask for a new one.</p>
    <AskNewLink {...props} />
  </>
);

export const Over = ({ why, ...props }: Props & { why: "ended" | "expired" }) => (
  <>
    <Title>{why === "expired" ? "This link's time is over" : "This link has ended"}</Title>
    <p role="alert">
      {why === "expired"
        ? "A link works for some weeks only. Your images are still safe at the hospital."
        : "It doesn't show anything any more. Your images are still safe at the hospital."}
    </p>
    <p>If you still want to see them, ask for a new link.</p>
    <AskNewLink {...props} />
  </>
);

export const NewLinkAsked = () => (
  <>
    <Title>We have passed that on</Title>
    <p role="status">
      The hospital has been asked for a new link. They may call you first, to be sure that it goes to the
      right place.
    </p>
    <p>You can close this page.</p>
  </>
);

export const EndedHere = () => (
  <>
    <Title>Thank you</Title>
    <p role="status">
      This link has ended and works for nobody now. The hospital will look at where it went.
    </p>
    <p>You can close this page and delete the message.</p>
  </>
);
