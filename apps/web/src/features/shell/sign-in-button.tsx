"use client";
import { signIn } from "next-auth/react";
import { useState } from "react";
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
        await signIn("cis2", { callbackUrl: to });
      }}
    >
      {isGoing ? "Going to the identity provider …" : "Sign in with NHS CIS2"}
    </Button>
  );
}
