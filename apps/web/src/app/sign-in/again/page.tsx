import type { Metadata } from "next";
import { Again } from "#features/identity/again.tsx";
import { isLocalPath } from "#server/local-path.ts";

export const metadata: Metadata = { title: "Sign in again" };

type Search = Promise<{ from?: string }>;

/** Signing in while a page waits: in a window of its own, or, with `from`, in place of the page. */
export default async function SignInAgain({ searchParams }: { searchParams: Search }) {
  const { from } = await searchParams;
  return (
    <main className="mx-auto max-w-xl px-5 py-16">
      <h1>Sign in again</h1>
      <Again to={isLocalPath(from) ? from : "/sign-in/done"} />
    </main>
  );
}
