"use client";
import { signIn } from "next-auth/react";
import { useEffect } from "react";

/** Goes on to the identity provider by itself. */
export function Again({ to }: { to: string }) {
  useEffect(() => {
    void signIn("cis2", { callbackUrl: to });
  }, [to]);
  return <p role="status">Going to the identity provider …</p>;
}
