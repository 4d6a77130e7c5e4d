"use client";
import { useState } from "react";
import type { MineView } from "./mine-client.ts";
import { BigButton } from "./parts.tsx";
import { plainDay } from "./plain-names.ts";

/** The name is on no screen until somebody asks for it. */
export function Whose({ patient }: { patient: MineView["patient"] }) {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="flex flex-col gap-2">
      {isShown ? (
        <p data-testid="whose">
          {[patient.given, patient.family].filter(Boolean).join(" ") || "Name not known"}, born{" "}
          {plainDay(patient.birthDate)}
        </p>
      ) : null}
      <BigButton look="plain" aria-expanded={isShown} onClick={() => setIsShown((was) => !was)}>
        {isShown ? "Hide the name" : "Show whose images these are"}
      </BigButton>
    </div>
  );
}
