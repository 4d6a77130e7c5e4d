"use client";
import { Button } from "#features/shell/button.tsx";
import { Notice } from "#features/shell/notice.tsx";
import { Panel } from "#features/shell/page.tsx";
import type { Outputs } from "#features/shell/trpc.tsx";
import { HandOver } from "./hand-over.tsx";

type Props = {
  linkId: string;
  delivery: "sent" | "in-person";
  studies: Outputs["links"]["share"]["studies"];
  onAgain(): void;
};

/** It is made; and whether it goes now. */
export function Shared({ linkId, delivery, studies, onAgain }: Props) {
  const isHeld = studies.some(({ release }) => release.state !== "open");
  return (
    <Panel className="flex flex-col gap-4 px-4 py-4">
      <Notice
        tone={isHeld ? "amber" : "green"}
        title={isHeld ? "Made, and held for now" : "The link is made"}
      >
        {isHeld
          ? "Nothing goes out until it is released. The patient isn't told why."
          : delivery === "sent"
            ? "It goes by message, and stands below with its openings."
            : "Hand it over now."}
      </Notice>
      {delivery === "in-person" && !isHeld ? <HandOver linkId={linkId} /> : null}
      <Button className="w-fit" onClick={onAgain}>
        Make another link
      </Button>
    </Panel>
  );
}
