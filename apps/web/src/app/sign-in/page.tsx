import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Notice } from "#features/shell/notice.tsx";
import { SignInButton } from "#features/shell/sign-in-button.tsx";
import { isLocalPath } from "#server/local-path.ts";
import { signedIn } from "#server/signed-in.ts";

export const metadata: Metadata = { title: "Sign in" };

const OF_ERROR: Record<string, string> = {
  ASSURANCE_TOO_LOW:
    "The identity provider let you in, but not surely enough: Weald needs assurance level 2 or higher. Use your smartcard or security key.",
  NO_ROLE_CHOSEN: "You have no role at a trust of this region, or chose none. Choose one when you sign in.",
  ORGANISATION_UNKNOWN: "Your role is at an organisation that isn't part of this region.",
  NOT_PROVED_NOW: "The identity provider didn't ask who you are just now. Sign in again.",
};
const ELSE = "Signing in didn't work. Try again; if it goes on, tell your PACS team.";

const OF_END: Record<string, { title: string; text: string }> = {
  "back-channel": {
    title: "You were signed out",
    text: "You, or somebody at this workstation, signed out at the identity provider. That ends Weald too.",
  },
  "shift-over": {
    title: "Your session has ended",
    text: "A session lasts one shift. Sign in again: it keeps your place.",
  },
  "signed-out": { title: "You were signed out", text: "This session was ended, here or on another page." },
};
const OF_END_ELSE = {
  title: "You were signed out",
  text: "This session was ended. Sign in again: it keeps your place.",
};

const OF_STATE: Record<string, string> = {
  "signed-out": "You are signed out of Weald and of the identity provider.",
  "signed-out-here":
    "You are signed out of Weald. The identity provider couldn't be told: close the browser at a shared workstation.",
};

type Search = Promise<{ error?: string; from?: string; ended?: string; state?: string }>;

export default async function SignIn({ searchParams }: { searchParams: Search }) {
  const { error, from, ended, state } = await searchParams;
  const end = ended ? (OF_END[ended] ?? OF_END_ELSE) : undefined;
  const to = isLocalPath(from) ? from : "/worklist";
  if (await signedIn()) redirect(to);
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-6 px-5 py-10">
      <div>
        <p className="text-3xl font-bold tracking-tight text-accent">Weald</p>
        <h1 className="mt-2">The imaging record of Surrey and Sussex</h1>
        <p className="mt-2 text-muted">
          One record of images and reports across five NHS trusts, for those who treat the patient.
        </p>
      </div>
      {error ? (
        <Notice tone="danger" title="You are not signed in">
          {OF_ERROR[error] ?? ELSE}
        </Notice>
      ) : null}
      {end && !error ? (
        <Notice tone="amber" title={end.title}>
          {end.text}
        </Notice>
      ) : null}
      {state && OF_STATE[state] ? (
        <Notice tone="green" title="You are signed out">
          {OF_STATE[state]}
        </Notice>
      ) : null}
      <SignInButton to={to} />
      <p className="text-sm text-muted">
        Weald is not a certified medical device: it is for review, not for primary diagnosis. This is a
        demonstration; its patients and staff are invented.
      </p>
    </main>
  );
}
