import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Notice } from "#features/shell/notice.tsx";
import { SignInButton } from "#features/shell/sign-in-button.tsx";
import { signedIn } from "#server/auth.ts";
import { isLocalPath } from "#server/local-path.ts";

export const metadata: Metadata = { title: "Sign in" };

const REFUSED =
  "The identity provider let you in, but Weald didn't: it needs assurance level 2 or higher and a role that is selected.";

type Search = Promise<{ error?: string; from?: string }>;

export default async function SignIn({ searchParams }: { searchParams: Search }) {
  const { error, from } = await searchParams;
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
          {error === "AccessDenied"
            ? REFUSED
            : "Signing in didn't work. Try again; if it goes on, tell your PACS team."}
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
