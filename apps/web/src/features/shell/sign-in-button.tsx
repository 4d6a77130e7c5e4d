"use client";
import { signIn } from "next-auth/react";
import { useState } from "react";
import { AGAIN_WINDOW } from "#features/identity/sign-in-again.ts";
import { Button } from "./button.tsx";

export function SignInButton({ to }: { to: string }) {
  const [isGoing, setIsGoing] = useState(false);
  return (
    <Button
      tone="main"
      className="min-h-11 w-fit text-lg"
      disabled={isGoing}
      onClick={async () => {
        setIsGoing(true);
        // In the window beside a page that waits, it is the page that goes on.
        await signIn("cis2", { callbackUrl: window.name === AGAIN_WINDOW ? "/sign-in/done" : to });
      }}
    >
      {isGoing ? "Going to the identity provider …" : "Sign in with NHS CIS2"}
    </Button>
  );
}
