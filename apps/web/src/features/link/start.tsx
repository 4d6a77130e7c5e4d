"use client";
import { useEffect, useState } from "react";
import { AskCode } from "./ask-code.tsx";
import { GiveCode } from "./give-code.tsx";
import { EndedHere, Locked, NewLinkAsked, Over } from "./over.tsx";
import { Title } from "./parts.tsx";
import type { Step } from "./step.ts";
import { takeToken } from "./token-in.ts";

/** The way into what a link shows. Nothing happens until a button is pressed: mail scanners fetch pages, and run them. */
export function Start() {
  const [token, setToken] = useState<string>();
  const [step, setStep] = useState<Step>({ at: "begin" });
  useEffect(() => {
    function take(): void {
      const found = takeToken();
      if (!found) return;
      setToken(found);
      setStep({ at: "begin" });
    }
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);

  if (step.at === "code") return <GiveCode token={step.token} onStep={setStep} />;
  if (step.at === "locked") return <Locked token={step.token} onStep={setStep} />;
  if (step.at === "over") return <Over why={step.why} token={step.token} onStep={setStep} />;
  if (step.at === "new-link-asked") return <NewLinkAsked />;
  if (step.at === "not-mine") return <EndedHere />;
  return (
    <>
      <Title>Something is ready for you to see</Title>
      <AskCode token={token} onStep={setStep} />
    </>
  );
}
